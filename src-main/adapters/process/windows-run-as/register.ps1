# Makes and starts one task. The request, password included, comes as JSON on standard input; the answer is a line of
# JSON with the HRESULT of a failure, as its text differs with the language of Windows.
$ErrorActionPreference = 'Stop'
function Get-HResult($exception) {
    $base = $exception.GetBaseException()
    if ("$($base.Message) $($exception.Message)" -match '0x(8[0-9A-Fa-f]{7})') { return [Convert]::ToInt32($Matches[1], 16) }
    return $base.HResult
}
try {
    $reader = New-Object IO.StreamReader([Console]::OpenStandardInput(), [Text.Encoding]::ASCII)
    $request = $reader.ReadToEnd() | ConvertFrom-Json
    $service = New-Object -ComObject Schedule.Service
    $service.Connect()
    try { $folder = $service.GetFolder('\JobScheduler') }
    catch { $folder = $service.GetFolder('\').CreateFolder('JobScheduler') }
    # 2: create, never replace
    $task = $folder.RegisterTask($request.name, $request.xml, 2, $request.user, $request.password, $request.logon_type)
    $null = $task.Run($null)
    $answer = @{ ok = $true }
} catch {
    $answer = @{ ok = $false; hresult = (Get-HResult $_.Exception); message = "$($_.Exception.GetBaseException().Message)" }
}
[Console]::Out.WriteLine(($answer | ConvertTo-Json -Compress))
