@echo off
rem Double click: opens Onbam. With words behind it: the same as "py run.py words".
rem ASCII only: cmd.exe garbles anything else. The Korean text is in scripts\python-needed.txt.
rem No brackets around commands: a bracket among the words would end them.
setlocal
set "RUN=%~dp0run.py"
set "FINE=import sys; sys.exit(sys.version_info < (3, 11))"

py -3 -c "%FINE%" >nul 2>&1
if not errorlevel 1 goto :launcher
rem Windows has a "python" that only opens its shop; it fails here and is passed over.
python -c "%FINE%" >nul 2>&1
if not errorlevel 1 goto :python

echo Onbam needs Python 3.11 or newer, 64 bit.
echo Get it:  winget install Python.Python.3.13
echo or from  https://www.python.org/downloads/  and tick "Add python.exe to PATH", then start this again.
if "%~1"=="" start "" notepad "%~dp0scripts\python-needed.txt"
set "CODE=78"
goto :leave

:launcher
py -3 "%RUN%" %*
set "CODE=%ERRORLEVEL%"
goto :leave

:python
python "%RUN%" %*
set "CODE=%ERRORLEVEL%"

:leave
rem Only a double click has no words behind it: then the window stays open. A planned task must never wait for a key.
if "%~1"=="" pause
exit /b %CODE%
