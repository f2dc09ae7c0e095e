; What the installer of Job Scheduler does beyond electron-builder's own steps.

; The service is made by the program itself (`service install`): a Windows service by nssm64.exe out of its resources,
; of the name that `sc start JobScheduler` knows. An older installer made a task of this name, which stays one. Its data
; lies beside no person's: in ProgramData, closed to all but SYSTEM and the administrators.
!define SERVICE_NAME "JobScheduler"

; $R8: "ours" when the service is kept by the nssm64.exe of this folder, "other" when somebody else made one of this
; name (a checkout), "" when there is none.
!macro whoseService
  ReadRegStr $R7 HKLM "SYSTEM\CurrentControlSet\Services\${SERVICE_NAME}" "ImagePath"
  StrCpy $R8 ""
  ${if} $R7 != ""
    StrCpy $R8 "other"
    StrCpy $R6 $R7 1
    ${if} $R6 == '"'
      StrCpy $R7 $R7 "" 1
    ${endIf}
    StrLen $R6 "$INSTDIR\"
    StrCpy $R7 $R7 $R6
    ${if} $R7 == "$INSTDIR\"
      StrCpy $R8 "ours"
    ${endIf}
  ${endIf}
!macroend

; Upgrade and uninstall: every copy that runs from this folder is asked to end, and is ended after 20 s. The service
; first, or it would be started again; nssm64.exe, whose file is to be replaced, ends a moment after its program.
!macro customCheckAppRunning
  !insertmacro whoseService
  ${if} $R8 == "ours"
    nsExec::Exec '"$SYSDIR\sc.exe" stop ${SERVICE_NAME}'
  ${endIf}
  nsExec::Exec '"$SYSDIR\schtasks.exe" /End /TN ${SERVICE_NAME}'
  nsExec::Exec '"$SYSDIR\taskkill.exe" /IM "${APP_EXECUTABLE_FILENAME}"'
  StrCpy $R9 0
  wait_for_end:
    nsExec::ExecToStack '"$SYSDIR\cmd.exe" /c tasklist /FI "IMAGENAME eq ${APP_EXECUTABLE_FILENAME}" | find /I "${APP_EXECUTABLE_FILENAME}"'
    Pop $R8
    Pop $R7
    StrCmp $R8 0 0 all_ended
    IntOp $R9 $R9 + 1
    Sleep 1000
    IntCmp $R9 20 end_them wait_for_end end_them
  end_them:
    nsExec::Exec '"$SYSDIR\taskkill.exe" /F /T /IM "${APP_EXECUTABLE_FILENAME}"'
    Sleep 500
  all_ended:
  StrCpy $R9 0
  wait_for_service:
    nsExec::ExecToStack '"$SYSDIR\cmd.exe" /c sc query ${SERVICE_NAME} | find "STOP_PENDING"'
    Pop $R8
    Pop $R7
    StrCmp $R8 0 0 service_ended
    IntOp $R9 $R9 + 1
    Sleep 1000
    IntCmp $R9 20 service_ended wait_for_service service_ended
  service_ended:
!macroend

!macro customInstall
  ; Asked once, for an installation that is everybody's. What was made before is started again; a service that is
  ; somebody else's is left alone. `/S /allusers /SERVICE` makes it without a question, `/S` alone never does.
  ${if} $installMode == "all"
    !insertmacro whoseService
    StrCmp $R8 "ours" start_service
    StrCmp $R8 "other" no_service
    nsExec::ExecToStack '"$SYSDIR\schtasks.exe" /Query /TN ${SERVICE_NAME}'
    Pop $R8
    Pop $R7
    StrCmp $R8 0 start_task
    ${GetParameters} $R5
    ClearErrors
    ${GetOptions} $R5 "/SERVICE" $R4
    IfErrors 0 make_service
    IfSilent no_service
    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "Run Job Scheduler with Windows as well, also while nobody is logged on?$\r$\n$\r$\nIts jobs run as SYSTEM, its data is kept in $APPDATA\Job Scheduler, its pages are at http://127.0.0.1:5000." IDNO no_service
    make_service:
      CreateDirectory "$APPDATA\Job Scheduler"
      nsExec::Exec '"$SYSDIR\icacls.exe" "$APPDATA\Job Scheduler" /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F'
      nsExec::ExecToStack '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" --cli service install --data "$APPDATA\Job Scheduler"'
      Pop $R8
      Pop $R7
      StrCmp $R8 0 start_service
      DetailPrint "The service ${SERVICE_NAME} could not be made: $R7"
      IfSilent no_service
      MessageBox MB_OK|MB_ICONEXCLAMATION "The service could not be made; the program is installed without it.$\r$\n$\r$\n$R7"
      Goto no_service
    start_task:
      nsExec::Exec '"$SYSDIR\schtasks.exe" /Run /TN ${SERVICE_NAME}'
      Goto no_service
    start_service:
      nsExec::Exec '"$SYSDIR\sc.exe" start ${SERVICE_NAME}'
    no_service:
  ${endIf}
!macroend

!macro customUnInstall
  ; An upgrade uninstalls the old version first: data and service stay.
  ${ifNot} ${isUpdated}
    !insertmacro whoseService
    ${if} $R8 == "ours"
      nsExec::Exec '"$SYSDIR\sc.exe" delete ${SERVICE_NAME}'
    ${endIf}
    nsExec::Exec '"$SYSDIR\schtasks.exe" /Delete /F /TN ${SERVICE_NAME}'
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "job-scheduler.desktop"
    IfSilent data_stays
    ; In the context of all, this folder would be everybody's.
    SetShellVarContext current
    IfFileExists "$LOCALAPPDATA\Job Scheduler\job_scheduler.db" 0 data_stays
    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "Delete all jobs, their history, passwords and logs as well?$\r$\n$\r$\n$LOCALAPPDATA\Job Scheduler" IDNO data_stays
      RMDir /r "$LOCALAPPDATA\Job Scheduler"
    data_stays:
    ; The service's own data is asked for by itself: it may be all that somebody means to keep.
    ${if} $installMode == "all"
      SetShellVarContext all
      IfSilent service_data_stays
      IfFileExists "$APPDATA\Job Scheduler\job_scheduler.db" 0 service_data_stays
      MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "Delete the jobs, history, passwords and logs of the service as well?$\r$\n$\r$\n$APPDATA\Job Scheduler" IDNO service_data_stays
        RMDir /r "$APPDATA\Job Scheduler"
      service_data_stays:
    ${endIf}
  ${endIf}
!macroend
