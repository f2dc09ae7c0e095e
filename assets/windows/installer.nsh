; What the installer of Job Scheduler does beyond electron-builder's own steps.

; Upgrade and uninstall: every copy that runs from this folder is asked to end, and is ended after 20 s.
!macro customCheckAppRunning
  nsExec::Exec '"$SYSDIR\sc.exe" stop JobScheduler'
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

!macro customUnInstall
  ; An upgrade uninstalls the old version first: data and service stay.
  ${ifNot} ${isUpdated}
    nsExec::Exec '"$SYSDIR\sc.exe" delete JobScheduler'
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "job-scheduler.desktop"
    IfSilent data_stays
    IfFileExists "$LOCALAPPDATA\Job Scheduler\job_scheduler.db" 0 data_stays
    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "Delete all jobs, their history, passwords and logs as well?$\r$\n$\r$\n$LOCALAPPDATA\Job Scheduler" IDNO data_stays
      RMDir /r "$LOCALAPPDATA\Job Scheduler"
    data_stays:
  ${endIf}
!macroend
