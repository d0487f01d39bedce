"""What a disk may hold after the power went: every state that the calls of a program allow, no other.

Between two syncs nothing is certain: of the changes to a folder any first part may have reached the disk, of what
was written to a file any first part too, each on its own. A sync of a file makes its bytes certain, a sync of a
folder its names."""
import itertools
import os
import re

CALLS = "mkdir,openat,write,fsync,renameat,unlinkat,sendmsg,sendto"


def unescaped(text):
    return re.sub(rb"\\x([0-9a-f]{2})", lambda match: bytes([int(match[1], 16)]), text)


class Call:
    """One line of `strace -f -y -xx`, without the number of its thread."""

    line = re.compile(rb"(\w+)\((.*)\) += (-?\d+)(?:<([^>]*)>)?")
    names = re.compile(rb'<([^>]*)>, "([^"]*)"')

    def __init__(self, match):
        self.name, self.words = match[1].decode(), match[2]
        self.failed, self.opened = int(match[3]) < 0, unescaped(match[4] or b"").decode()

    def paths(self):
        """Of calls that name files below a folder."""
        return [os.path.join(unescaped(folder), unescaped(name)).decode() for folder, name in self.names.findall(self.words)]

    def descriptor(self):
        return unescaped(re.search(rb"<([^>]*)>", self.words)[1]).decode()

    def bytes(self):
        return unescaped(re.search(rb'"([^"]*)"', self.words)[1])


def whole(lines):
    """A call that another thread interrupts has two lines: it is made where the second one stands. Signals are none."""
    begun = {}
    for line in lines:
        thread, text = line.rstrip(b"\n").split(None, 1)
        if text.startswith((b"---", b"+++")):
            continue
        if text.endswith(b" <unfinished ...>"):
            begun[thread] = text.removesuffix(b" <unfinished ...>")
            continue
        resumed = re.match(rb"<\.\.\. \w+ resumed>", text)
        yield begun.pop(thread) + text[resumed.end():] if resumed else text


def calls_of(trace):
    with open(trace, "rb") as file:
        lines = list(whole(file))
    found = [Call.line.match(line) for line in lines]
    strange = [line[:200] for line, match in zip(lines, found) if not match]
    if strange:
        raise AssertionError(f"no calls: {strange[:3]}")
    return [call for call in map(Call, found) if not call.failed]


class File:
    def __init__(self, content=b""):
        self.content, self.certain = content, len(content)

    def possible(self, without_syncs):
        certain = 0 if without_syncs else self.certain
        return {certain, (certain + len(self.content)) // 2, len(self.content)}


class Disk:
    """Of one folder: the names that are certain, the changes since, and the files behind them."""

    def __init__(self, folder):
        self.folder, self.changes, self.without_syncs = folder, [], False
        self.names = {name: File(open(os.path.join(folder, name), "rb").read()) for name in os.listdir(folder)}
        self.current = dict(self.names)

    def name_of(self, path):
        folder, name = os.path.split(path)
        return name if folder == self.folder else None

    def apply(self, call):
        """False: it has nothing to do with this folder."""
        return getattr(self, "on_" + call.name, lambda _: False)(call)

    def change(self, **names):
        self.changes.append(names)
        for name, file in names.items():
            self.current[name] = file
        return True

    def on_openat(self, call):
        name = self.name_of(call.opened)
        if b"O_CREAT" not in call.words or not name or name in self.current and self.current[name]:
            return False
        return self.change(**{name: File()})

    def on_write(self, call):
        file = self.current.get(self.name_of(call.descriptor()))
        if file:
            file.content += call.bytes()
        return file is not None

    def on_unlinkat(self, call):
        name = self.name_of(call.paths()[0])
        return bool(name) and self.change(**{name: None})

    def on_renameat(self, call):
        before, after = map(self.name_of, call.paths())
        return bool(before) and self.change(**{before: None, after: self.current[before]})

    def on_fsync(self, call):
        path = call.descriptor()
        if path == self.folder:
            self.names, self.changes = dict(self.current), []
        elif file := self.current.get(self.name_of(path)):
            file.certain = len(file.content)
        return False

    def states(self):
        """Each a dict of name to bytes."""
        for count in range(len(self.changes) + 1):
            names = dict(self.names)
            for change in self.changes[:count]:
                names.update(change)
            files = {name: file for name, file in names.items() if file}
            for sizes in itertools.product(*(file.possible(self.without_syncs) for file in files.values())):
                yield {name: file.content[:size] for (name, file), size in zip(files.items(), sizes)}
