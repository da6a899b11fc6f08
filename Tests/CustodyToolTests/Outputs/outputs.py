#!/usr/bin/env python3
"""Runs every command of the built tool with --json, and some that fail, and holds what each prints against its schema.

usage: outputs.py --bin FOLDER --schemas FOLDER     (under a Python that has jsonschema: `make venv`)
       outputs.py --bin FOLDER --dump FILE          writes the outputs, to write a new command's schema by
       outputs.py --bin FOLDER --trace              under strace: no secret is in an argument, the environment or a file
"""
import argparse, json, os, re, shutil, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../CustodyExchangeTests/Faults"))
from exchanging import INHERITED, PATIENCE, fail
from tool import Server

options = argparse.ArgumentParser()
options.add_argument("--bin", required=True)
options.add_argument("--schemas")
options.add_argument("--dump")
options.add_argument("--trace", action="store_true")
options = options.parse_args()

# What a command prints is another program's, or a filled template; these have no object of their own.
SILENT = {"exec", "agent", "help"}

folder = tempfile.mkdtemp(prefix="custody-json.")
outputs, errors = {}, []
# Words that are in nothing else: what is typed, piped and fetched.
CONNECTOR, REFRESH, ACCESS, PHRASE = "con-s3cret-0001", "rt-fr3sh-0001", "at-acc3ss-0001", "and four own words"


def path(name, text=None):
    if text is not None:
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    return os.path.join(folder, name)


class Trace:
    """What a command asked of the kernel, with every byte of it, and where that went."""

    # By pipe, terminal and socket a secret goes where it is meant to; a file in memory is no file.
    MEANT = re.compile(r"^(read|pread64|readv|recvfrom|recvmsg)\(|^(write|writev|sendto|sendmsg)\(\d+<(pipe:|socket:|UNIX|TCP|/dev/tty|/memfd:)")

    def __init__(self):
        self.file, self.calls, self.seen = path("trace"), 0, []

    def words(self, words):
        # The agent goes on behind its command, and strace would wait for it.
        follow = [] if words[0] == "unlock" else ["-f"]
        return ["strace", *follow, "-qq", "-v", "-y", "-s", "1000000", "-e", "trace=process,file,desc,network", "-o", self.file]

    def look(self, words):
        for line in open(self.file, errors="replace"):
            call = re.sub(r"^\d+ +", "", line)
            self.calls += 1
            found = [secret for secret in (CONNECTOR, REFRESH, ACCESS, PHRASE) if secret in call]
            if found and not self.MEANT.match(call):
                self.seen.append((words, found, call.split("(")[0]))


trace = Trace() if options.trace else None


class Person:
    def __init__(self, name, *unlock):
        self.home = path(name)
        os.mkdir(self.home, 0o700)
        os.mkdir(self.home + "/run", 0o700)
        self.unlock = unlock or ("--passphrase-file", path(name + ".pass", name + f" {PHRASE}\n"))

    def run(self, *words, text=None):
        extra = () if "--passphrase-file" in words or "--key-file" in words else self.unlock
        ours = words.index("--") if "--" in words else len(words)
        done = subprocess.run(
            [*(trace.words(words) if trace else []), os.path.abspath(options.bin) + "/custody", *words[:ours], "--json", "--yes",
             "--no-input", "--vault", path("vault.db"), *extra, *words[ours:]],
            input=(text or "").encode(), capture_output=True, cwd=folder, timeout=PATIENCE,
            env=dict(INHERITED, HOME=self.home, XDG_RUNTIME_DIR=self.home + "/run"))
        if trace:
            trace.look(words)
        return done

    def __call__(self, *words, status=0, text=None, named=None):
        """The object that a command printed, which is kept under the command's name."""
        done = self.run(*words, text=text)
        shown = f"{words}: status {done.returncode}\n{done.stdout.decode()}\n{done.stderr.decode()}"
        if done.returncode != status:
            fail(f"wanted status {status}; {shown}")
        if status and not named:
            last = done.stderr.decode().strip().split("\n")[-1]
            errors.append((words, one(last, shown)))
            return errors[-1][1]
        name = named or command_of(words)
        outputs.setdefault(name, []).append(one(done.stdout.decode(), shown))
        return outputs[name][-1]


def one(text, shown):
    try:
        value = json.loads(text)
    except ValueError:
        fail("not one JSON object; " + shown)
    if not isinstance(value, dict) or value.get("v") != 1:
        fail("not an object with v 1; " + shown)
    return value


def leaves():
    """Every command that the parser has, but those behind which others stand."""
    dumped = subprocess.run([options.bin + "/custody", "--experimental-dump-help"], capture_output=True, check=True).stdout

    def walk(command, words):
        inner = command.get("subcommands") or []
        if not inner:
            yield " ".join(words)
        for one in inner:
            yield from walk(one, words + [one["commandName"]])

    return {words for words in walk(json.loads(dumped)["command"], []) if words and words not in SILENT}


commands = leaves()


def command_of(words):
    for count in (2, 1):
        if " ".join(words[:count]) in commands:
            return " ".join(words[:count])
    fail(f"no such command: {words}")


def story(endpoint):
    ada, dev, audrey = Person("ada"), Person("dev"), Person("audrey")
    ci = Person("ci", "--key-file", path("ci.key"))
    ada("status", status=1)
    ada("doctor")
    ada("init", "--name", "ada", status=2, *("--passphrase-file", path("weak", "password1\n")))
    ada("init", "--name", "ada")
    ada("init", "--name", "ada", status=1)
    for person, words in ((dev, ("--role", "developer")), (audrey, ("--role", "auditor")), (Person("mallory"), ("--role", "admin"))):
        asked = person("join", "--name", os.path.basename(person.home), *words)
        if person.home.endswith("mallory"):
            ada("member", "deny", "mallory")
        else:
            ada("member", "approve", os.path.basename(person.home), "--fingerprint", asked["fingerprint"])
    Person("mallet")("join", "--name", "mallet", "--role", "admin")
    ada("member", "deny", "--all")
    asked = ci("join", "--name", "ci", "--role", "developer", "--machine", "--exchange-only")
    ci("token", "list", status=5)
    ada("member", "list")
    ada("member", "approve", "ci", "--fingerprint", "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa", status=6)
    ada("member", "approve", "ci", "--fingerprint", asked["fingerprint"])
    ada("member", "show", "ci")
    ada("token", "list", "--passphrase-file", path("wrong", "not the right words at all\n"), status=4)
    for person in (ada, dev, audrey, ci):
        person("identity", "show")
        person("status")
    dev("connector", "register", "crm-sync", "--provider", "oauth2", "--id", "client-1", "--endpoint", endpoint, "--secret-expires", "2027-01-01", text=CONNECTOR)
    dev("connector", "register", "crm-sync", "--provider", "oauth2", "--id", "client-1", "--endpoint", endpoint, text=CONNECTOR, status=7)
    dev("connector", "register", "x", "--provider", "oauth3", "--id", "client-1", text=CONNECTOR, status=3)
    ada("token", "store", "contoso/crm-sync", "--reach", "tenant", "--note", "all of it", text=REFRESH)
    ada("token", "store", "contoso/crm-sync", "--reach", "tenant", text=REFRESH, status=7)
    ada("token", "store", "Contoso/crm-sync", "--reach", "tenant", text=REFRESH, status=2)
    ada("token", "store", "fabrikam/crm-sync", "--reach", "user", "--force", text=REFRESH + " with a space")
    ada("token", "share", "contoso/crm-sync", "--with", "dev", "--until", "2099-01-01", "--reason", "nightly")
    ada("token", "share", "contoso/crm-sync", "--with", "ci")
    ada("token", "share", "contoso/crm-sync", "--with", "audrey", status=5)
    ada("token", "share", "contoso/crm-sync", "--with", "dave", status=3)
    ada("token", "share", "contoso/crm-sync", "--with", "dev", "--until", "2019-01-01", status=2)
    for command in (["token", "show", "contoso/crm-sync"], ["connector", "show", "crm-sync"], ["token", "list"], ["connector", "list"]):
        for person in (dev, audrey):
            person(*command)
    dev("connector", "share", "crm-sync", "--with", "ada")
    dev("connector", "unshare", "crm-sync", "--from", "ada")
    dev("connector", "share", "crm-sync", "--with", "ci")
    ci("token", "exchange", "contoso/crm-sync")
    ci("token", "exchange", "contoso/crm-sync")
    ci("token", "reveal", "contoso/crm-sync", status=5)
    dev("token", "reveal", "contoso/crm-sync")
    audrey("token", "reveal", "contoso/crm-sync", status=5)
    dev("token", "check", "contoso/crm-sync")
    dev("token", "check", "contoso/crm-sync", "--live")
    dev("token", "keepalive", "contoso/crm-sync")
    dev("token", "keepalive", "--all")
    dev("token", "show", "contoso/crm-sync")
    audrey("token", "due", "--all")
    audrey("token", "due", "--all", "--within", "3650d", status=8, named="token due")
    ada("token", "rekey", "contoso/crm-sync")
    ada("token", "revert", "contoso/crm-sync")
    ada("token", "rotate", "contoso/crm-sync", "--reason", "new one", text=REFRESH + "-b")
    dev("connector", "rotate", "crm-sync", text=CONNECTOR + "-b")
    dev("connector", "rekey", "crm-sync")
    dev("connector", "revert", "crm-sync")
    audrey("exposure")
    ada("token", "unshare", "contoso/crm-sync", "--from", "dev")
    audrey("exposure", "--all-left")
    dev("token", "exchange", "contoso/crm-sync", status=5)
    audrey("log", "show")
    for form in ("jsonl", "csv", "html", "bundle"):
        audrey("log", "export", "--format", form, "--output", path("export." + form))
    audrey("log", "export", "--format", "csv", status=2)
    audrey("log", "export", "--format", "bundle", status=2)
    audrey("log", "verify")
    audrey("log", "verify", "--bundle", path("export.bundle"))
    audrey("verify")
    audrey("log", "prove", "1")
    audrey("log", "prove", "1", "--output", path("entry.proof"))
    audrey("log", "prove", "100000", status=3)
    checkpoint = audrey("log", "checkpoint")["checkpoint"]
    audrey("log", "checkpoint", "--from", "3")
    ada("log", "cosign", path("checkpoint", checkpoint))
    audrey("log", "verify", "--bundle", path("export.html"))
    audrey("log", "verify", "--bundle", path("export.csv"), status=2)
    audrey("log", "verify", "--bundle", path("export.bundle"), "--checkpoint", path("checkpoint"), status=2, named="log verify")
    ada("log", "recover", "--reason", "nothing is wrong", status=2)
    dev("inject", path("template", "x={{custody://crm-sync/connector-id}}\n"), "--output", path("filled"))
    dev("inject", path("template"), status=2)
    dev("exec", "--env", "X=crm-sync#connector-id", "--", "/no/such/program", status=127)
    if trace:
        handed(dev)
    table = f"type,name,provider,id,secret,reach\nconnector,mail,google,g-1,{CONNECTOR},\ntoken,fabrikam/mail,google,,{REFRESH},user\n"
    ada("import", path("items.csv", table), "--format", "csv", "--dry-run")
    ada("import", path("items.csv"), "--format", "csv")
    ada("import", path("items.csv"), "--format", "csv", status=7)
    ada("provider", "list")
    shown = ada("provider", "show", "zoho")
    shown["id"] = "acme"
    ada("provider", "add", path("acme.json", json.dumps(shown)))
    ada("provider", "add", path("bad.json", "{"), status=2)
    ada("unlock", "--for", "10m")
    ada("status")
    ada("doctor")
    ada("lock")
    ada("limits")
    dev("identity", "passphrase", "--new-passphrase-file", path("new.pass", f"dev {PHRASE} more\n"))
    shutil.copy(path("new.pass"), path("dev.pass"))
    dev("identity", "key-file", path("dev.key"))
    dev("identity", "key-file", "--none")
    ci("identity", "passphrase", status=2)
    moved(ada, dev, audrey, ci, endpoint)
    ada("member", "role", "audrey", "developer")
    ada("member", "remove", "ada", status=5)
    ada("member", "remove", "ci", "--reason", "not needed")
    ada("token", "retire", "fabrikam/crm-sync")
    ada("token", "retire", "contoso/crm-sync")
    dev("connector", "retire", "crm-sync")
    dev("token", "lost", status=2)
    repaired(ada, dev)
    shutil.copy(path("vault.db"), path("older.db"))
    recovered(ada, dev)


def moved(ada, dev, audrey, ci, endpoint):
    """A connector leads elsewhere, an admin confirms; another takes over what she does not hold."""
    dev("connector", "change", "crm-sync", "--note", "moved")
    dev("connector", "change", "crm-sync", "--endpoint", endpoint + "2")
    ci("token", "exchange", "contoso/crm-sync", status=5)
    ada("token", "confirm", "--connector", "crm-sync")
    ada("token", "confirm", "contoso/crm-sync")
    ada("token", "confirm", "contoso/crm-sync", "--wrong-endpoint")
    server.script("token2", json.dumps(dict(access_token=ACCESS, token_type="mac", expires_in=60)).encode())
    warned = ci("token", "exchange", "contoso/crm-sync", "--fresh")["warnings"]
    if len(warned) != 2:
        fail(f"two warnings were wanted: {warned}")
    told = ["--rotation", "always", "--old-token", "grace", "--grace", "60s", "--refresh-days", "90", "--idle-days", "30", "--no-scope-in-refresh"]
    told += [word for call in ("revoke", "authorize", "device") for word in (f"--{call}-url", endpoint + "-" + call)]
    dev("connector", "register", "told", "--provider", "oauth2", "--id", "client-2", "--endpoint", endpoint, *told, text=CONNECTOR)
    dev("connector", "show", "told")
    dev("connector", "change", "told", "--rotation", "never", "--old-token", "unknown", "--revoke-url", "", "--idle-days", "0")
    dev("connector", "show", "told")
    dev("connector", "retire", "told")
    ada("token", "change", "contoso/crm-sync", "--note", "moved")
    dev("connector", "share", "crm-sync", "--with", "ada")
    ada("member", "role", "audrey", "admin")
    audrey("token", "rotate", "contoso/crm-sync", text=REFRESH + "-c")
    audrey("connector", "rotate", "crm-sync", text=CONNECTOR + "-c")
    unseen = {one["item"]: str(one["revision"]) for one in audrey("exposure", "--member", "ada")["exposures"]
              if one["grant"] == "replaced unseen by audrey"}
    ada("token", "settle", "contoso/crm-sync", "--revision", unseen["contoso/crm-sync"])
    ada("token", "settle", "contoso/crm-sync", "--revision", unseen["contoso/crm-sync"], status=3)
    ada("connector", "settle", "crm-sync", "--revision", unseen["crm-sync"])


def handed(dev):
    """Values for other programs. The environment that was asked for is the one place where the trace must see one."""
    before = len(trace.seen)
    dev.run("exec", "--env", "X=crm-sync#connector-secret", "--", "true")
    if [(found, call) for _, found, call in trace.seen[before:]] != [([CONNECTOR], "execve")]:
        fail(f"the trace is blind: {trace.seen[before:]}")
    del trace.seen[before:]
    dev.run("exec", "--fd", "7=crm-sync#connector-secret", "--file", "F=crm-sync#connector-secret", "--", "sh", "-c", "cat $F /dev/fd/7")
    if trace.seen[before:]:
        fail(f"{trace.seen[before:]}")


def repaired(ada, dev):
    """Somebody without a key changes rows, and an admin repairs that."""
    import sqlite3

    ada("repair")
    sqlite3.connect(path("vault.db"), isolation_level=None).executescript("pragma wal_checkpoint(truncate)")
    shutil.copy(path("vault.db"), path("copy.db"))
    sqlite3.connect(path("vault.db"), isolation_level=None).executescript(
        "delete from note; insert into log_entry values (100000, 1, zeroblob(9))")
    ada("repair", "--cut", status=2)
    dev("repair", status=5)
    ada("repair", "--from", path("nowhere"), status=3)
    found = ada("repair", "--from", path("copy.db"))
    if [found["behind_count"], found["taken_out"], len(found["quarantine_sha256"])] != [1, 1, 64] or not found["taken_back"]:
        fail(f"what was repaired is not all there: {found}")
    if {"table": "log_entry", "out": 1, "back": 0} not in found["tables"]:
        fail(f"tables are missing: {found}")
    ada("token", "list")
    sqlite3.connect(path("vault.db"), isolation_level=None).executescript(
        "create table extra (a); delete from log_entry where position = (select max(position) from log_entry)")
    found = ada("repair", "--cut", "--reason", "the disk died")
    if found["rebuild"]["foreign_objects"] != ["extra"] or not found["covers"][0]["pinned"]:
        fail(f"what was made anew or cut is not all there: {found}")


def recovered(ada, dev):
    """An older copy is put back, and an admin goes on with it."""
    ada("token", "list")
    ada("log", "verify")
    dev("log", "verify")
    dev("log", "checkpoint", "--pinned")
    dev("log", "checkpoint", "--pinned", "--output", path("dev.note"))
    for end in ("-wal", "-shm"):
        if os.path.exists(path("vault.db" + end)):
            os.remove(path("vault.db" + end))
    shutil.copy(path("older.db"), path("vault.db"))
    ada("token", "store", "northwind/mail", "--reach", "user", text="t", status=6)
    dev("log", "recover", status=5)
    ada("log", "recover", "--reason", "the disk was restored")
    ada("log", "recover", "--covers", path("dev.note"), "--reason", "dev had one more")
    dev("log", "recover")


def check():
    import jsonschema

    files = {}
    for name in sorted(os.listdir(options.schemas)):
        if name.endswith(".schema.json"):
            schema = json.load(open(os.path.join(options.schemas, name)))
            jsonschema.Draft202012Validator.check_schema(schema)
            files[name[: -len(".schema.json")].replace("-", " ", 1) if name != "error.schema.json" else "error"] = schema
    known = {name.replace(" ", "-"): name for name in commands}
    wanted = {known[name] if name in known else name for name in known} | {"error"}
    by_file = {known.get(name.replace(" ", "-"), name): schema for name, schema in files.items()}
    if set(by_file) != wanted:
        fail(f"commands without a schema, or schemas without a command: {sorted(set(by_file) ^ wanted)}")
    count = 0
    for name, values in [*outputs.items(), ("error", [value for _, value in errors])]:
        for value in values:
            found = list(jsonschema.Draft202012Validator(by_file[name]).iter_errors(value))
            if found:
                fail(f"{name}: {found[0].message} at {list(found[0].absolute_path)} in {json.dumps(value)}")
            count += 1
    missing = commands - set(outputs)
    if missing:
        fail(f"no output of {sorted(missing)}")
    codes = {value["error"]["code"] for _, value in errors}
    print(f"{count} outputs of {len(commands)} commands, {len(errors)} of them errors of {len(codes)} codes, are as their schemas say")


server = Server()
try:
    reply = dict(access_token=ACCESS, token_type="bearer", expires_in=3600, scope="read write")
    server.script("token", json.dumps(reply).encode())
    story(f"http://127.0.0.1:{server.port}/token")
    if trace:
        if trace.seen:
            fail("\n".join(map(str, trace.seen)))
        print(f"{sum(map(len, outputs.values())) + len(errors)} commands, {trace.calls} system calls: no secret in an argument, the environment or a file")
    elif options.dump:
        json.dump(dict(outputs=outputs, errors=[value for _, value in errors]), open(options.dump, "w"), indent=1)
    else:
        check()
finally:
    shutil.rmtree(folder, ignore_errors=True)
