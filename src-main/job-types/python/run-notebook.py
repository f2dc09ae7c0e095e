"""Executes a notebook as job_scheduler asks in a request file; the executed notebook and its HTML are kept even
when a cell fails. Works with what `jupyter nbconvert` (6 or later) brings. Usage: run_notebook.py REQUEST"""

import json
import os
import re
import shutil
import sys
import time

REQUEST_FILE = sys.argv[1]
with open(REQUEST_FILE, encoding="utf-8") as file:
    REQUEST = json.load(file)
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def finish(code, **result):
    with open(REQUEST["result"], "w", encoding="utf-8") as file:
        json.dump(result, file)
    sys.stdout.flush()
    sys.stderr.flush()
    sys.exit(code)


try:
    import ipykernel  # noqa: F401
    import nbformat
    from jupyter_client.kernelspec import KernelSpec, NoSuchKernel
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from nbconvert import HTMLExporter
except ImportError as error:
    print(error, file=sys.stderr)
    finish(3, missing=error.name or str(error))


class OwnKernel(AsyncKernelManager):
    """The kernel of this very interpreter: whatever name the notebook's author had for theirs."""

    @property
    def kernel_spec(self):
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python",
            language="python",
        )


def save(notebook, path):
    """Writes whole or not at all: a run may be ended at any moment."""
    partial = os.path.join(os.path.dirname(REQUEST_FILE), "partial")
    with open(partial, "w", encoding="utf-8") as file:
        nbformat.write(notebook, file)
    shutil.move(partial, path)


def text_of(data):
    text = data.get("text/plain", "")
    return "".join(text) if isinstance(text, list) else text


class Client(NotebookClient):
    """Tells what happens while it happens."""

    numbers = []
    count = 0
    current = None
    saved = 0.0

    async def async_execute_cell(self, cell, cell_index, *args, **kwargs):
        if cell.cell_type != "code" or not cell.source.strip():
            return await super().async_execute_cell(cell, cell_index, *args, **kwargs)
        number = self.numbers[cell_index]
        self.current = number
        print(f"--- cell {number} of {self.count}" if number else "--- parameters", flush=True)
        try:
            return await super().async_execute_cell(cell, cell_index, *args, **kwargs)
        finally:
            if time.monotonic() - self.saved > 2:
                save(self.nb, REQUEST["notebook"])
                self.saved = time.monotonic()

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        if msg["msg_type"] == "stream":
            stream = sys.stderr if content.get("name") == "stderr" else sys.stdout
            stream.write(content.get("text", ""))
            stream.flush()
        elif msg["msg_type"] in ("execute_result", "display_data"):
            text = text_of(content.get("data", {}))
            if text:
                print(text, flush=True)
        return super().process_message(msg, cell, cell_index)


def tags(cell):
    return cell.get("metadata", {}).get("tags", [])


def inject(notebook, source):
    """Puts the parameters after the cell tagged `parameters`, in place of what an earlier run injected."""
    cell = nbformat.v4.new_code_cell(source=source)
    cell.metadata["tags"] = ["injected-parameters"]
    if notebook.nbformat_minor < 5:
        cell.pop("id", None)
    cells = notebook.cells
    for index, one in enumerate(cells):
        if "injected-parameters" in tags(one):
            cells[index] = cell
            return index, None, False
    for index, one in enumerate(cells):
        if "parameters" in tags(one):
            cells.insert(index + 1, cell)
            return index + 1, one.source, True
    cells.insert(0, cell)
    return 0, None, True


def failure(client, error):
    """The cell that failed, its error, and the line in the cell."""
    for index, cell in reversed(list(enumerate(client.nb.cells))):
        for output in cell.get("outputs", []):
            if output.output_type != "error" or "raises-exception" in tags(cell):
                continue
            trace = ANSI.sub("", "\n".join(output.traceback))
            print(trace, file=sys.stderr)
            arrow = re.search(r"^-+> *(\d+) (.*)$", trace, re.M) or re.search(
                r"^\s*(?:File|Cell) .*?, line (\d+)()$", trace, re.M
            )
            return {
                "cell": client.numbers[index],
                "execution_count": cell.get("execution_count"),
                "name": output.ename,
                "message": output.evalue,
                "line": int(arrow.group(1)) if arrow else None,
                "text": arrow.group(2).strip() if arrow else None,
            }
    print(error, file=sys.stderr)
    return {"cell": client.current, "name": type(error).__name__, "message": str(error)}


def main():
    try:
        notebook = nbformat.read(REQUEST["source"], as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # every way a file can be no notebook
        text = str(error).strip().splitlines()
        finish(2, problem=f"is not a notebook: {text[0] if text else type(error).__name__}")
    spec = notebook.metadata.get("kernelspec", {})
    language = spec.get("language") or notebook.metadata.get("language_info", {}).get("name") or "python"
    is_python = language.lower() == "python"
    count = len(notebook.cells)
    numbers = list(range(1, count + 1))
    if REQUEST["parameters"] is not None:
        if not is_python:
            finish(2, problem=f"is in {language}; parameters can be set in Python notebooks only")
        index, defaults, is_new = inject(notebook, REQUEST["parameters"])
        if is_new:
            numbers.insert(index, 0)
        for name in REQUEST["names"] if defaults is not None else []:
            if not re.search(rf"^\s*{name}\s*[:=]", defaults, re.M):
                print(f'The cell tagged "parameters" has no {name}; it is set all the same', file=sys.stderr)
    if is_python and spec.get("name") not in (None, "python3"):
        print(f"The notebook's kernel \"{spec.get('name')}\" is this Python here", flush=True)
    options = {"kernel_manager_class": OwnKernel, "kernel_name": "python3"} if is_python else {}
    client = Client(
        notebook,
        timeout=None,
        startup_timeout=120,
        resources={"metadata": {"path": REQUEST["folder"]}},
        **options,
    )
    client.numbers = numbers
    client.count = count
    error = None
    try:
        client.execute()
    except CellExecutionError as one:
        error = failure(client, one)
    except DeadKernelError:
        error = {"cell": client.current, "name": "", "message": "the kernel died (out of memory, or ended by the code)"}
    except NoSuchKernel as one:
        finish(2, problem=f"needs the kernel \"{one.name}\", which is not installed here")
    save(notebook, REQUEST["notebook"])
    try:
        body, _ = HTMLExporter().from_notebook_node(notebook)
        partial = os.path.join(os.path.dirname(REQUEST_FILE), "partial.html")
        with open(partial, "w", encoding="utf-8") as file:
            file.write(body)
        shutil.move(partial, REQUEST["html"])
    except Exception as one:  # the run's own result matters more
        print(f"The HTML rendering could not be made: {one}", file=sys.stderr)
    finish(1 if error else 0, error=error, count=count)


main()
