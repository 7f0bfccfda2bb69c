"""The window on the PC.

For: people who want the fleet's sentence, the rows and the few acts without a browser.
Promises: the same words, shapes and order as the pages and the terminal; the window is whole without a tray icon.
Refuses: to hold a rule of the business; to touch a widget from a second thread.
Not yet: the window.
"""
