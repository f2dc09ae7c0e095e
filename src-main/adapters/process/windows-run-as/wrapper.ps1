# Runs one program as the account of its task. The request is a file beside this one, so that neither arguments nor
# variables stand in the task; output and result go to files that were made before. When a file "stop" appears, or the
# request goes, the program and its tree are ended.
$ErrorActionPreference = 'Stop'
function Open-Output($name) {
    # A buffer of one byte: what is written shows at once.
    return New-Object IO.FileStream((Join-Path $PSScriptRoot $name), [IO.FileMode]::Open, [IO.FileAccess]::Write, [IO.FileShare]'ReadWrite, Delete', 1)
}
function Write-Result($value) {
    $bytes = [Text.Encoding]::UTF8.GetBytes(($value | ConvertTo-Json -Compress) + "`n")
    $file = Open-Output 'result'
    $file.Write($bytes, 0, $bytes.Length)
    $file.Dispose()
}
$ask = Join-Path $PSScriptRoot 'request.json'
$stop = Join-Path $PSScriptRoot 'stop'
try {
    $request = [IO.File]::ReadAllText($ask) | ConvertFrom-Json
    $start = New-Object Diagnostics.ProcessStartInfo
    $start.FileName = $request.file
    $start.Arguments = $request.arguments
    if ($request.cwd) { $start.WorkingDirectory = $request.cwd }
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    foreach ($variable in $request.environment) {
        $start.EnvironmentVariables[$variable.name] = $variable.value
        # A program without a path is looked for on this process's own PATH.
        if ($variable.name -eq 'Path') { [Environment]::SetEnvironmentVariable($variable.name, $variable.value) }
    }
    $given = $null
    $input_file = Join-Path $PSScriptRoot 'stdin'
    if (Test-Path -LiteralPath $input_file) { $given = [IO.File]::OpenRead($input_file) }
    # Where the console's page is UTF-8, .NET would begin the program's input with a byte order mark.
    try { [Console]::InputEncoding = New-Object Text.UTF8Encoding($false) } catch { }
    $out = Open-Output 'stdout'
    $err = Open-Output 'stderr'
    $program = [Diagnostics.Process]::Start($start)
} catch {
    $base = $_.Exception.GetBaseException()
    $number = if ($base -is [ComponentModel.Win32Exception]) { $base.NativeErrorCode } else { -1 }
    Write-Result @{ error = $number; message = "$($base.Message)" }
    exit 0
}
$copies = [Threading.Tasks.Task[]]@($program.StandardOutput.BaseStream.CopyToAsync($out), $program.StandardError.BaseStream.CopyToAsync($err))
$feed = $null
if ($given) { $feed = $given.CopyToAsync($program.StandardInput.BaseStream) }
else { $program.StandardInput.BaseStream.Dispose() }
$stopped = $false
while (-not $program.WaitForExit(200)) {
    if ($feed -and $feed.IsCompleted) {
        $feed = $null
        try { $program.StandardInput.BaseStream.Dispose() } catch { }
    }
    if ((Test-Path -LiteralPath $ask) -and -not (Test-Path -LiteralPath $stop)) { continue }
    $stopped = $true
    try { $null = & "$env:SystemRoot\System32\taskkill.exe" /PID $program.Id /T /F 2>&1 } catch { }
    try { $program.Kill() } catch { }
    $null = $program.WaitForExit(2000)
    break
}
# What the program left in the background may hold the output open: it is listened to a little longer.
try { $null = [Threading.Tasks.Task]::WaitAll($copies, 2000) } catch { }
if ($stopped) { Write-Result @{ stopped = $true } } else { Write-Result @{ code = $program.ExitCode } }
exit 0
