@echo off
rem The headless program with a console: waits for it and passes its exit code on.
"%~dp0Job Scheduler.exe" --headless %*
exit /b %ERRORLEVEL%
