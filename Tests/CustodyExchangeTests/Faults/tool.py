"""The built tool as a person runs it, against bad_token_server.py; for the tests of proxies and of leaks."""
import base64, json, os, subprocess, sys, tempfile, urllib.request

from exchanging import INHERITED, PATIENCE, fail

HERE = os.path.dirname(os.path.abspath(__file__))
# Every kind of character that some spelling changes, and a part that none does.
SECRETS = dict(secret='con-"s3cret\\/+ é-ABCDEFGH', token='rt-"fresh\\/+&=~-abcdefghij', access="at-never-on-a-terminal-0001")


def run(*words, folder=None, **more):
    done = subprocess.run(words, cwd=folder, capture_output=True, **more)
    if done.returncode != 0:
        fail(f"{words}: {done.stderr}")


class Server:
    """A bad token server, over TLS where it is given a certificate."""

    def __init__(self, *words):
        self.process = subprocess.Popen([sys.executable, HERE + "/../Servers/bad_token_server.py", *words],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port, self.control_port = map(int, self.process.stdout.readline().split())

    def control(self, path, body=None):
        # This machine is never asked through a proxy, whatever the test has in its environment.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return json.load(opener.open(f"http://127.0.0.1:{self.control_port}{path}", body and json.dumps(body).encode()))

    def script(self, name, body=b"", status=200, headers=(("Content-Type", "application/json"),), behave=None):
        self.control("/script/" + name, dict(status=status, headers=list(headers), behave=behave, body=base64.b64encode(body).decode()))

    def seen(self, name):
        return [base64.b64decode(text) for text in self.control("/seen/" + name)]

    def tally(self):
        return self.control("/tally")


class Authority:
    """A private authority, and one server's certificate by it."""

    def __init__(self, folder, host):
        key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes".split()
        self.file, self.server = folder + "/ca.pem", [f"{folder}/{host}.pem", f"{folder}/{host}.key"]
        run("openssl", "req", "-x509", *key, "-subj", "/CN=ours", "-keyout", "ca.key", "-out", "ca.pem", folder=folder)
        with open(f"{folder}/{host}.ext", "w") as file:
            file.write(f"subjectAltName=DNS:{host}\n")
        run("openssl", "req", *key, "-subj", "/CN=" + host, "-keyout", host + ".key", "-out", host + ".csr", folder=folder)
        run("openssl", "x509", "-req", "-in", host + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile",
            host + ".ext", "-out", host + ".pem", folder=folder)


class Tool:
    """A vault of its own with one connector and one token; and the tool on it."""

    def __init__(self, products, endpoint, provider="oauth2", secret=SECRETS["secret"], token=SECRETS["token"]):
        self.products, self.folder = os.path.abspath(products), tempfile.mkdtemp(prefix="custody-tool.")
        words = [provider, endpoint, "client-1", secret, token]
        run(products + "/custody-benchmark", "soak-found", "0", self.folder, input="\n".join(words).encode() + b"\n")
        with open(self.folder + "/passphrase", "w") as file:
            file.write("the soak's own four words\n")
        self.member = open(self.folder + "/member").read().strip()

    def command(self, *words):
        return [self.products + "/custody", *words, "--vault", self.folder + "/soak.db", "--as", self.member,
                "--passphrase-file", self.folder + "/passphrase", "--no-input"]

    def environment(self, **more):
        return dict(INHERITED, HOME=self.folder, XDG_STATE_HOME=self.folder, **more)

    def run(self, *words, limit=PATIENCE, **environment):
        return subprocess.run(self.command(*words), env=self.environment(**environment), capture_output=True, timeout=limit)

    def exchange(self, *words, limit=PATIENCE, **environment):
        return self.run("token", "exchange", "tenant/crm-sync", "--fresh", "--ask-again", "--reveal", *words, limit=limit, **environment)
