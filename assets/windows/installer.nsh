; What the installer of Job Scheduler does beyond electron-builder's own steps.

; The service is a task that starts with Windows; `service install --task` makes one of the same name. Its data lies
; beside no person's: in ProgramData, closed to all but SYSTEM and the administrators.
!define SERVICE_TASK "JobScheduler"

; Upgrade and uninstall: every copy that runs from this folder is asked to end, and is ended after 20 s.
!macro customCheckAppRunning
  nsExec::Exec '"$SYSDIR\sc.exe" stop ${SERVICE_TASK}'
  nsExec::Exec '"$SYSDIR\schtasks.exe" /End /TN ${SERVICE_TASK}'
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
!macroend

!macro customInstall
  ; Asked once, for an installation that is everybody's. A task that is there was made before: it is started again.
  ; `/S /allusers /SERVICE` makes it without a question, `/S` alone never does.
  ${if} $installMode == "all"
    nsExec::ExecToStack '"$SYSDIR\schtasks.exe" /Query /TN ${SERVICE_TASK}'
    Pop $R8
    Pop $R7
    StrCmp $R8 0 start_service
    ${GetParameters} $R5
    ClearErrors
    ${GetOptions} $R5 "/SERVICE" $R4
    IfErrors 0 make_service
    IfSilent no_service
    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "Run Job Scheduler with Windows as well, also while nobody is logged on?$\r$\n$\r$\nIts jobs run as SYSTEM, its data is kept in $APPDATA\Job Scheduler, its pages are at http://127.0.0.1:5000." IDNO no_service
    make_service:
      CreateDirectory "$APPDATA\Job Scheduler"
      nsExec::Exec '"$SYSDIR\icacls.exe" "$APPDATA\Job Scheduler" /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F'
      nsExec::ExecToStack '"$SYSDIR\schtasks.exe" /Create /F /TN ${SERVICE_TASK} /SC ONSTART /RU SYSTEM /RL HIGHEST /TR "\"$INSTDIR\${APP_EXECUTABLE_FILENAME}\" --headless --data \"$APPDATA\Job Scheduler\""'
      Pop $R8
      Pop $R7
      StrCmp $R8 0 start_service
      DetailPrint "The task ${SERVICE_TASK} could not be made: $R7"
      IfSilent no_service
      MessageBox MB_OK|MB_ICONEXCLAMATION "The service could not be made; the program is installed without it.$\r$\n$\r$\n$R7"
      Goto no_service
    start_service:
      nsExec::Exec '"$SYSDIR\schtasks.exe" /Run /TN ${SERVICE_TASK}'
    no_service:
  ${endIf}
!macroend

!macro customUnInstall
  ; An upgrade uninstalls the old version first: data and service stay.
  ${ifNot} ${isUpdated}
    nsExec::Exec '"$SYSDIR\sc.exe" delete ${SERVICE_TASK}'
    nsExec::Exec '"$SYSDIR\schtasks.exe" /Delete /F /TN ${SERVICE_TASK}'
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
