# Runs a job's script in a session of its own, so that each stream can be told apart and what the script wrote is
# never lost when it ends early. Reads request.json beside itself and leaves result.json there.
# For Windows PowerShell 5.1 and PowerShell 7. ASCII only: 5.1 reads a file without a mark in the ANSI code page.
$ProgressPreference = 'SilentlyContinue'
$resultFile = Join-Path $PSScriptRoot 'result.json'
if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    # Under an application control policy little of what follows is allowed: the script is then run without this.
    Set-Content -LiteralPath $resultFile -Value '{"outcome":"constrained"}'
    exit 1
}
$ErrorActionPreference = 'Stop'
$utf8 = New-Object System.Text.UTF8Encoding $false
$request = [IO.File]::ReadAllText((Join-Path $PSScriptRoot 'request.json'), $utf8) | ConvertFrom-Json
if ($request.utf8) { try { [Console]::OutputEncoding = $utf8 } catch { } }
if ($PSVersionTable.PSVersion.Major -ge 7) { $PSStyle.OutputRendering = 'PlainText' }
# A console of 80 columns would cut tables off; only Windows lets its width be set.
try {
    $size = $Host.UI.RawUI.BufferSize
    if ($size.Width -lt 200) { $size.Width = 200; $Host.UI.RawUI.BufferSize = $size }
} catch { }

# Values come with their type in front ('s:text'), so that JSON turns none of them into something else.
function Read-Value($value) {
    if ($value -is [array]) { return , [object[]]@(foreach ($one in $value) { Read-Value $one }) }
    $text = $value.Substring(2)
    switch ($value.Substring(0, 2)) {
        'b:' { return $text -eq 'true' }
        'd:' { return [double]::Parse($text, [Globalization.CultureInfo]::InvariantCulture) }
        'i:' { $int = 0; if ([int]::TryParse($text, [ref]$int)) { return $int } else { return [long]$text } }
        'n:' { return $null }
        default { return $text }
    }
}

# The parameters a script declares: name -> whether it is a switch.
function Read-Declared($path) {
    $tokens = $null; $errors = $null; $found = @{}
    $block = [System.Management.Automation.Language.Parser]::ParseFile($path, [ref]$tokens, [ref]$errors).ParamBlock
    if ($null -eq $block) { return $found }
    $attributes = @($block.Attributes)
    foreach ($parameter in $block.Parameters) {
        $isSwitch = $parameter.StaticType -eq [switch]
        $found[$parameter.Name.VariablePath.UserPath] = $isSwitch
        foreach ($attribute in $parameter.Attributes) {
            if ($attribute -isnot [System.Management.Automation.Language.AttributeAst]) { continue }
            $attributes += $attribute
            if ($attribute.TypeName.Name -eq 'Alias') {
                foreach ($alias in $attribute.PositionalArguments) { $found[[string]$alias.Value] = $isSwitch }
            }
        }
    }
    if ($attributes | Where-Object { $_.TypeName.Name -in 'CmdletBinding', 'Parameter' }) {
        foreach ($name in 'Verbose', 'Debug', 'WhatIf', 'Confirm') { $found[$name] = $true }
        foreach ($name in 'ErrorAction', 'WarningAction', 'InformationAction') { $found[$name] = $false }
    }
    return $found
}

# As on a command line: a word with a dash names a parameter where the script declares it, and is a value elsewhere.
function Add-List($shell, $values, $declared) {
    for ($i = 0; $i -lt $values.Count; $i++) {
        $value = Read-Value $values[$i]
        $name = $null; $given = $null
        if ($value -is [string] -and $value -match '^-([A-Za-z_]\w*)(?::(.*))?$') {
            $word = $Matches[1]
            $given = $Matches[2]
            $names = @($declared.PSBase.Keys | Where-Object { $_ -eq $word })
            if ($names.Count -eq 0) { $names = @($declared.PSBase.Keys | Where-Object { $_ -like "$word*" }) }
            if ($names.Count -eq 1) { $name = $names[0] }
            elseif ($declared.PSBase.Count -gt 0) {
                $Host.UI.WriteLine("NOTE: the script declares no parameter $value; it is passed as a value")
            }
        }
        if ($null -eq $name) { $null = $shell.AddArgument($value) }
        elseif ($declared[$name]) { $null = $shell.AddParameter($name, $given -notmatch '^\$?false$') }
        elseif ($null -ne $given) { $null = $shell.AddParameter($name, $given) }
        elseif ($i + 1 -lt $values.Count) { $i++; $null = $shell.AddParameter($name, (Read-Value $values[$i])) }
        else { throw "parameters: $value is the last word, but needs a value" }
    }
}

function Format-Failure($record, $reason) {
    $at = $record.InvocationInfo
    $exception = if ($reason -is [System.Management.Automation.ParseException]) { $reason } else { $record.Exception }
    $failure = @{ message = [string]$exception.Message; id = [string]$record.FullyQualifiedErrorId; type = $exception.GetType().Name }
    if ($exception -is [System.Management.Automation.ParseException] -and $exception.Errors) {
        $first = $exception.Errors[0]
        $failure.message = $first.Message
        $failure.script = [string]$first.Extent.File
        $failure.line = $first.Extent.StartLineNumber
        $failure.column = $first.Extent.StartColumnNumber
        $failure.text = [string]$first.Extent.StartScriptPosition.Line
    } elseif ($at -and $at.ScriptLineNumber -gt 0 -and $at.ScriptName) {
        $failure.script = [string]$at.ScriptName
        $failure.line = $at.ScriptLineNumber
        $failure.column = $at.OffsetInLine
        $failure.text = ([string]$at.Line).Trim()
    }
    return $failure
}

$session = [runspacefactory]::CreateRunspace($Host, [initialsessionstate]::CreateDefault2())
$session.ThreadOptions = 'UseCurrentThread'
$session.Open()
$out = { Out-Default }.GetSteppablePipeline()
$out.Begin($true)
$variables = @{ ProgressPreference = 'SilentlyContinue'; PROFILE = $PROFILE; __jobSchedulerOut = $out }
foreach ($one in $request.preferences.PSObject.Properties) { $variables[$one.Name] = $one.Value }
foreach ($name in $variables.Keys) { $session.SessionStateProxy.SetVariable($name, $variables[$name]) }

$shell = [powershell]::Create()
$shell.Runspace = $session
$null = $shell.AddCommand([string]$request.script, $false)
$command = $shell.Commands.Commands[0]
if ($request.list) { Add-List $shell @($request.list) (Read-Declared $request.script) }
foreach ($pair in @($request.named)) { if ($pair) { $null = $shell.AddParameter($pair.name, (Read-Value $pair.value)) } }
foreach ($stream in 'Warning', 'Verbose', 'Debug', 'Information') { $command.MergeMyResults($stream, 'Output') }
# Out-Default of its own: the one below is torn down with the script, and with it tables it had not yet shown.
$null = $shell.AddScript({
    begin {
        $partial = $false
        function Show-Tagged($tag, $text) {
            if ($partial) { $Host.UI.WriteLine(); Set-Variable partial $false -Scope 1 }
            foreach ($line in ([string]$text -split '\r?\n')) { $__jobSchedulerOut.Process("${tag}: $line") }
        }
    }
    process {
        if ($_ -is [System.Management.Automation.InformationalRecord]) {
            $tag = switch ($_.GetType().Name) { 'WarningRecord' { 'WARNING' } 'VerboseRecord' { 'VERBOSE' } default { 'DEBUG' } }
            Show-Tagged $tag $_.Message
        } elseif ($_ -is [System.Management.Automation.InformationRecord]) {
            $message = $_.MessageData
            if ($message -isnot [System.Management.Automation.HostInformationMessage]) {
                # Merged records arrive whether they are to be shown or not.
                if ("$InformationPreference" -notin 'SilentlyContinue', 'Ignore') { Show-Tagged 'INFORMATION' $message }
            }
            elseif ($message.NoNewLine) { $Host.UI.Write($message.Message); $partial = $true }
            elseif ($partial) { $Host.UI.WriteLine($message.Message); $partial = $false }
            else { $__jobSchedulerOut.Process($message.Message) }
        } elseif ($null -ne $_) { $__jobSchedulerOut.Process($_) }
    }
}.ToString(), $true)
# Errors stay apart, and programs keep their own stderr: only what ends in Out-Default is left alone like this.
$errorsOnly = New-Object System.Management.Automation.Runspaces.Command 'Out-Default'
$errorsOnly.MergeUnclaimedPreviousCommandResults = 'Output,Error'
$null = $shell.Commands.AddCommand($errorsOnly)

# As the host does for -File: `exit N` ends the program with N, and only that does, not a program's last code.
$keepsExit = $true
try {
    $any = [Reflection.BindingFlags]'Instance,Public,NonPublic'
    $context = [runspace].GetProperty('ExecutionContext', $any).GetValue($session, $null)
    $context.GetType().GetProperty('ScriptCommandProcessorShouldRethrowExit', $any).SetValue($context, $true, $null)
} catch { $keepsExit = $false }

try { $null = $shell.Invoke() } catch { }
$result = @{ outcome = 'completed' }
$reason = $null
if ("$($shell.InvocationStateInfo.State)" -eq 'Failed') { $reason = $shell.InvocationStateInfo.Reason }
$record = $null
if ($reason) {
    $result.outcome = 'failed'
    if ($reason -is [System.Management.Automation.PSSecurityException]) { $result.outcome = 'policy' }
    $record = if ($reason.ErrorRecord) { $reason.ErrorRecord } else { New-Object System.Management.Automation.ErrorRecord $reason, 'Failed', 'NotSpecified', $null }
} else {
    $errors = $session.SessionStateProxy.GetVariable('Error')
    if ($errors -and $errors.Count -gt 0 -and $errors[0] -is [System.Management.Automation.ErrorRecord]) { $record = $errors[0] }
}
try { $null = $out.End() } catch { }
if ($record) { $result.error = Format-Failure $record $reason }
if ($result.outcome -eq 'policy') { $result.policy = [string](Get-ExecutionPolicy) }
[IO.File]::WriteAllText($resultFile, ($result | ConvertTo-Json -Depth 4), $utf8)
if ($reason) {
    $Host.UI.WriteErrorLine(($record | Out-String).Trim())
    exit 1
}
if (-not $keepsExit) {
    $code = $session.SessionStateProxy.GetVariable('LASTEXITCODE')
    $asked = [System.Management.Automation.Language.Parser]::ParseFile($request.script, [ref]$null, [ref]$null).Find(
        { $args[0] -is [System.Management.Automation.Language.ExitStatementAst] }, $true)
    if ($asked -and $code) { exit $code }
}
