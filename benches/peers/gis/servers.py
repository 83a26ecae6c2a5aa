"""The servers that are compared: each is started on a free port of this machine over the same data, and ended by its id.

Each says where its items and tiles are; None where it has no such thing.
"""

import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

BIN = Path(sys.executable).parent
LAYER = "waters"


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def get(url, **headers):
    """Status, headers and body."""
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, dict(answer.getheaders()), answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, dict(refused.headers.items()), refused.read()


def resident_bytes(pids):
    """Memory of processes and their children."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        except OSError:
            continue
    everything, todo = 0, list(pids)
    while todo:
        pid = todo.pop()
        todo += parents.get(pid, [])
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except OSError:
            continue
        everything += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))
    return everything


class Server:
    """`with Ours(work) as server:`; a server that cannot be had raises FileNotFoundError before it starts."""

    name = ""
    has_items = has_tiles = True

    def __init__(self, work):
        self.work, self.port, self.processes = work, free_port(), []
        self.address = f"http://127.0.0.1:{self.port}"

    def run(self, *command, **options):
        log = (self.work / f"{type(self).__name__}.log").open("ab")
        self.processes.append(subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **options))
        return self.processes[-1]

    def __enter__(self):
        self.prepare()
        began = time.monotonic()
        try:
            self.start()
            self.await_answer(self.probe())
        except BaseException:
            self.__exit__()
            raise
        self.seconds_to_start = time.monotonic() - began
        return self

    def prepare(self):
        pass

    def await_answer(self, url, seconds=120):
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            try:
                if get(url)[0] == 200:
                    return
            except OSError:
                pass
            if any(one.poll() is not None for one in self.processes):
                raise RuntimeError(f"{self.name} ended by itself: see {type(self).__name__}.log")
            time.sleep(0.02)
        raise RuntimeError(f"{self.name} does not answer at {url}")

    def memory(self):
        return resident_bytes([one.pid for one in self.processes])

    def __exit__(self, *_):
        for process in reversed(self.processes):
            if process.poll() is None:
                # The group that this very process leads: its workers with it.
                os.killpg(process.pid, signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    pass
            # Its workers may outlive the first of the group; a FastCGI program ends only after its next question.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def probe(self):
        return self.items("limit=1")

    def at_end(self, limit):
        return f"limit={limit}&offset={50_000 - limit}"

    def filter(self):
        """One code."""
        return "limit=10&code=W-000100"


class Ours(Server):
    name = "peatplan"

    def prepare(self):
        self.project = self.work / "project.gpkg"
        if not self.project.exists():
            unfinished = self.work / "unfinished.gpkg"
            unfinished.unlink(missing_ok=True)
            for layer, file in [(LAYER, "polygons.geojson"), ("probes", "probes.csv")]:
                subprocess.run([os.environ["PEATPLAN_BIN"], "import", layer, self.work / file, "--project", unfinished], check=True, capture_output=True)
            unfinished.rename(self.project)

    def start(self):
        self.run(os.environ["PEATPLAN_BIN"], "serve", "--project", self.project, "--listen", f"127.0.0.1:{self.port}")

    def items(self, query):
        return f"{self.address}/ogc/collections/{LAYER}/items?{query}"

    def item(self, number):
        return f"{self.address}/ogc/collections/{LAYER}/items/{number}"

    def tile(self, zoom, column, row):
        return f"{self.address}/ogc/collections/{LAYER}/tiles/WebMercatorQuad/{zoom}/{row}/{column}"


class OursAgain(Ours):
    """The probes alone are looked at: a million points."""

    def items(self, query):
        return f"{self.address}/ogc/collections/probes/items?{query}"


class MapServer(Server):
    name = "MapServer 8, FastCGI x2, nginx, GeoPackage"
    has_tiles = False

    def prepare(self):
        (self.work / "mapserver.conf").write_text(
            f'CONFIG\n ENV\n  MS_MAP_PATTERN "."\n  OGCAPI_HTML_TEMPLATE_DIRECTORY "/usr/share/mapserver/ogcapi/templates/html-plain/"\n END\n MAPS\n  BENCH "{self.work}/bench.map"\n END\nEND\n'
        )
        (self.work / "bench.map").write_text(
            f"""MAP
 NAME "bench" EXTENT 36 52 46 60 UNITS DD PROJECTION "init=epsg:4326" END
 WEB METADATA "oga_title" "bench" "oga_enable_request" "*" "oga_onlineresource" "{self.address}/BENCH/ogcapi" "oga_srs" "EPSG:4326" END END
 LAYER NAME "{LAYER}" TYPE POLYGON STATUS ON CONNECTIONTYPE OGR CONNECTION "{self.work}/polygons.gpkg" DATA "{LAYER}" PROCESSING "CLOSE_CONNECTION=DEFER"
  TEMPLATE "void" PROJECTION "init=epsg:4326" END
  METADATA "oga_title" "{LAYER}" "oga_featureid" "code" "gml_include_items" "all" "gml_types" "auto" "oga_use_default_extent_for_getfeature" "false" END END
END
"""
        )
        self.socket = self.work / "mapserver.sock"
        (self.work / "nginx.conf").write_text(
            f"""daemon off; pid {self.work}/nginx.pid; error_log {self.work}/nginx-errors.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{ access_log off; client_body_temp_path {self.work}/nginx-a; proxy_temp_path {self.work}/nginx-b; fastcgi_temp_path {self.work}/nginx-c; uwsgi_temp_path {self.work}/nginx-d; scgi_temp_path {self.work}/nginx-e;
 server {{ listen 127.0.0.1:{self.port}; location / {{ include /etc/nginx/fastcgi_params; fastcgi_param PATH_INFO $uri; fastcgi_param SCRIPT_NAME ""; fastcgi_pass unix:{self.socket}; fastcgi_keep_conn on; }} }} }}
"""
        )

    def start(self):
        self.socket.unlink(missing_ok=True)
        environment = os.environ | {"MAPSERVER_CONFIG_FILE": str(self.work / "mapserver.conf")}
        # A shell gives what it starts in the background no standard input, which is where FastCGI has its socket: so it is named.
        twice = "exec 3<&0; /usr/lib/cgi-bin/mapserv <&3 & exec /usr/lib/cgi-bin/mapserv"
        self.run("spawn-fcgi", "-n", "-s", self.socket, "-M", "0666", "--", "/bin/sh", "-c", twice, env=environment)
        self.run("nginx", "-c", self.work / "nginx.conf", "-p", self.work)

    def items(self, query):
        return f"{self.address}/BENCH/ogcapi/collections/{LAYER}/items?f=json&{query}"

    def item(self, number):
        return f"{self.address}/BENCH/ogcapi/collections/{LAYER}/items/W-{number:06}?f=json"

    def filter(self):
        return None  # 8.0 knows neither CQL2 nor properties as parameters


class Pygeoapi(Server):
    name = "pygeoapi, gunicorn x2, GeoPackage"
    has_tiles = False

    def prepare(self):
        config = {
            "server": {"bind": {"host": "127.0.0.1", "port": self.port}, "url": self.address, "mimetype": "application/json", "encoding": "utf-8", "languages": ["en-US"], "gzip": False,
                       "map": {"url": "http://127.0.0.1/{z}/{x}/{y}.png", "attribution": "none"}, "limits": {"default_items": 10, "max_items": 10000}},
            "logging": {"level": "ERROR"},
            "metadata": {"identification": {"title": "bench", "description": "bench", "keywords": ["bench"], "keywords_type": "theme", "terms_of_service": "none", "url": self.address},
                         "license": {"name": "none", "url": self.address}, "provider": {"name": "bench", "url": self.address}, "contact": {"name": "bench", "email": "bench@example.org"}},
            "resources": {LAYER: {
                "type": "collection", "title": LAYER, "description": LAYER, "keywords": ["bench"], "extents": {"spatial": {"bbox": [36, 52, 46, 60], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
                "links": [], "providers": [{"type": "feature", "name": "SQLiteGPKG", "data": str(self.work / "polygons.gpkg"), "id_field": "fid", "table": LAYER}]}},
        }
        (self.work / "pygeoapi.yml").write_text(json.dumps(config))  # JSON is YAML, too
        self.environment = os.environ | {"PYGEOAPI_CONFIG": str(self.work / "pygeoapi.yml"), "PYGEOAPI_OPENAPI": str(self.work / "pygeoapi-openapi.yml")}
        with (self.work / "pygeoapi-openapi.yml").open("w") as file:
            subprocess.run([BIN / "pygeoapi", "openapi", "generate", self.work / "pygeoapi.yml"], stdout=file, env=self.environment, check=True)

    def start(self):
        self.run(BIN / "gunicorn", "--workers", "2", "--bind", f"127.0.0.1:{self.port}", "pygeoapi.flask_app:APP", env=self.environment)

    def items(self, query):
        return f"{self.address}/collections/{LAYER}/items?f=json&{query}"

    def item(self, number):
        return f"{self.address}/collections/{LAYER}/items/{number}?f=json"


class PostGis(Server):
    """What TiPg and Martin read: a cluster of its own."""

    name = "PostGIS"

    def prepare(self):
        self.binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self.folder = Path(f"/dev/shm/peers-gis-{os.getpid()}")
        self.folder.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.folder, self.user)
        self.as_user = ["runuser", "-u", self.user, "--"] if os.getuid() == 0 else []
        subprocess.run([*self.as_user, self.binaries / "initdb", "-D", self.folder / "data", "-A", "trust", "-U", "bench"], check=True, capture_output=True, cwd="/")
        self.url = f"postgresql://bench@127.0.0.1:{self.port}/bench"

    def start(self):
        settings = ["-c", "shared_buffers=512MB", "-c", "fsync=off", "-c", "max_connections=50"]
        self.run(*self.as_user, self.binaries / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-h", "127.0.0.1", "-k", self.folder, *settings, cwd="/")

    def await_answer(self, *_):
        ends = time.monotonic() + 60
        while subprocess.run([self.binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode:
            if time.monotonic() > ends:
                raise RuntimeError("PostgreSQL does not start")
            time.sleep(0.1)
        base = self.url.rsplit("/", 1)[0]
        subprocess.run(["psql", "-q", f"{base}/postgres", "-c", "CREATE DATABASE bench"], check=True, capture_output=True)
        subprocess.run(["psql", "-q", self.url, "-c", "CREATE EXTENSION postgis"], check=True, capture_output=True)
        subprocess.run(["ogr2ogr", "-f", "PostgreSQL", f"PG:{self.url}", self.work / "polygons.gpkg", LAYER, "-lco", "FID=fid", "-lco", "GEOMETRY_NAME=geom"], check=True, capture_output=True)
        subprocess.run(["psql", "-q", self.url, "-c", f"CREATE INDEX ON {LAYER} (code)", "-c", "VACUUM ANALYZE"], check=True, capture_output=True)

    def probe(self):
        return None

    def __exit__(self, *_):
        super().__exit__()
        shutil.rmtree(self.folder, ignore_errors=True)


class OverPostGis(Server):
    def __init__(self, work, database):
        super().__init__(work)
        self.database = database

    def memory(self):
        return super().memory() + self.database.memory()


class Tipg(OverPostGis):
    name = "TiPg, uvicorn x2, PostGIS"

    def start(self):
        environment = os.environ | {"DATABASE_URL": self.database.url, "TIPG_DB_SCHEMAS": '["public"]', "TIPG_MAX_FEATURES_PER_QUERY": "10000", "TIPG_MAX_FEATURES_PER_TILE": "100000"}
        self.run(BIN / "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "2", "--log-level", "error", env=environment)

    def items(self, query):
        return f"{self.address}/collections/public.{LAYER}/items?f=geojson&{query}"

    def item(self, number):
        return f"{self.address}/collections/public.{LAYER}/items/{number}?f=geojson"

    def tile(self, zoom, column, row):
        return f"{self.address}/collections/public.{LAYER}/tiles/WebMercatorQuad/{zoom}/{column}/{row}"


class Martin(OverPostGis):
    name = "Martin, PostGIS"
    has_items = False

    def prepare(self):
        if not shutil.which("martin"):
            raise FileNotFoundError("martin is not installed (BUILD_MARTIN=yes builds it)")

    def start(self):
        self.run("martin", "--listen-addresses", f"127.0.0.1:{self.port}", "--workers", "2", self.database.url)

    def probe(self):
        return f"{self.address}/{LAYER}"

    def tile(self, zoom, column, row):
        return f"{self.address}/{LAYER}/{zoom}/{column}/{row}"
