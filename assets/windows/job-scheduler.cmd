@echo off
rem With a console: waits for the program and passes its exit code on.
rem A command (jobs list, service install, help) goes to the command line, options alone to the headless program.
set "JOB_SCHEDULER_FIRST=%~1"
if not defined JOB_SCHEDULER_FIRST goto headless
if "%JOB_SCHEDULER_FIRST:~0,1%"=="-" goto headless
"%~dp0Job Scheduler.exe" --cli %*
exit /b %ERRORLEVEL%
:headless
"%~dp0Job Scheduler.exe" --headless %*
exit /b %ERRORLEVEL%
