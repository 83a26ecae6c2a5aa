"""Kriging, inverse distance and simulation by peatplan and by others on the same samples, in one run, with the ratios.

Called by run.sh, with the programs that it found: `geostat.py PEATPLAN_BENCH [kriging | inverse_distance | simulation | methods ...]`. Each comparison first shows that both
give the same numbers. A peer that is not there is named and left out. Times are those of the computation alone, without
start and reading, unless said otherwise; a fraction of the cells is scaled where a peer would take minutes, and said so.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

BENCH = sys.argv[1]
HERE = Path(__file__).parent
CORES = os.cpu_count()
CELL, RANGE, POWER = 10.0, 900.0, 4.0
NUGGET, PARTIAL_SILL = 0.05, 0.45


class Study:
    """Probes about 100 m apart over a rectangle of cells of 10 m, off the lattice by chance with a fixed seed."""

    def __init__(self, work, width, height):
        self.width, self.height = width, height
        chance = np.random.default_rng(1)
        x, y = np.meshgrid(np.arange(width / 100.0), np.arange(height / 100.0))
        x, y = (100.0 * (axis.ravel() + 0.5 + chance.uniform(-0.35, 0.35, axis.size)) for axis in (x, y))
        depth = 2.4 + 0.8 * np.sin(x / 700.0) * np.cos(y / 500.0) + chance.normal(0.0, 0.25, x.size)
        self.samples = np.round(np.column_stack([x, y, depth]), 3)
        self.file = work / f"samples-{len(self.samples)}.csv"
        np.savetxt(self.file, self.samples, delimiter=",", header="x,y,value", comments="", fmt="%.3f")
        self.columns, self.rows = int(width / CELL), int(height / CELL)

    def centres(self, rows):
        return CELL * (np.arange(self.columns) + 0.5), self.height - CELL * (np.arange(rows) + 0.5)

    def arguments(self):
        return [str(self.file), str(self.width), str(self.height), str(CELL)]


def named(text):
    return {line.split()[0]: float(line.split()[1]) for line in text.splitlines() if len(line.split()) == 2}


def ours(threads, command, study, *more):
    environment = os.environ | {"RAYON_NUM_THREADS": str(threads)}
    call = [BENCH, command, *study.arguments(), *map(str, more)]
    return named(subprocess.run(call, env=environment, check=True, capture_output=True, text=True).stdout)


def fastest(times, *runs):
    """The fastest of as many runs for everybody, in turn: what else the machine does then troubles all alike."""
    rounds = [[run() for run in runs] for _ in range(times)]
    return [min(got, key=lambda one: one["seconds"]) for got in zip(*rounds)]


def timed(work):
    started = time.perf_counter()
    work()
    return {"seconds": time.perf_counter() - started}


def line(what, theirs, one, all_, note=""):
    print(f"{what:<66} theirs {theirs:9.2f} s   ours, 1 thread {one:7.3f} s: {theirs / one:7.1f} x   {CORES} threads {all_:7.3f} s: {theirs / all_:7.1f} x{note}")


def same(what, differences, tolerance):
    worst = float(np.max(np.abs(differences)))
    print(f"  {what}: at most {worst:.1e} apart")
    assert worst <= tolerance, f"{what} disagree by {worst}"


def missing(peer, why):
    print(f"{peer} left out: {why}")


def has_gstat():
    return shutil.which("Rscript") and subprocess.run(["Rscript", "-e", "library(gstat)"], capture_output=True).returncode == 0


def gstat(work, command, study, last):
    call = ["Rscript", HERE / "gstat.R", command, *study.arguments(), str(RANGE), str(last), work / "gstat"]
    return named(subprocess.run(call, check=True, capture_output=True, text=True).stdout)


def kriged(file):
    return np.fromfile(file).reshape(-1, 2)


def kriging(work):
    study = Study(work, 10_000.0, 10_000.0)
    print(f"\nOrdinary kriging with variances, 20 of {len(study.samples):,} probes, {study.columns * study.rows:,} cells")
    mine = [lambda: ours(1, "kriging", study, RANGE, work / "ours"), lambda: ours(CORES, "kriging", study, RANGE, work / "ours")]
    if has_gstat():
        one, all_, took = (got["seconds"] for got in fastest(2, *mine, lambda: gstat(work, "kriging", study, study.rows)))
        same("values and variances of all cells", kriged(work / "ours") - kriged(work / "gstat"), 1e-8)
        line("gstat, nmax = 20, one thread, all cells", took, one, all_)
    else:
        missing("gstat", "no R with the packages gstat and sp (Debian: r-cran-gstat)")
    try:
        from pykrige.ok import OrdinaryKriging
    except ImportError:
        return missing("PyKrige", "it is not installed")
    x, y, z = study.samples.T
    variogram = {"psill": PARTIAL_SILL, "range": RANGE, "nugget": NUGGET}

    def theirs():
        # Its fastest backend, compiled. It makes a matrix of all samples, whatever the neighbours: 800 MB here.
        peer = OrdinaryKriging(x, y, z, variogram_model="exponential", variogram_parameters=variogram)
        value, variance = peer.execute("grid", *study.centres(study.rows), n_closest_points=20, backend="C")
        cells[:] = [np.column_stack([np.ravel(value), np.ravel(variance)])]

    cells = []
    one, all_, took = (got["seconds"] for got in fastest(2, *mine, lambda: timed(theirs)))
    same("values and variances of all cells", kriged(work / "ours") - cells[0], 1e-8)
    line("PyKrige, n_closest_points = 20, backend C, all cells", took, one, all_)


def inverse_distance(work):
    study = Study(work, 10_000.0, 10_000.0)
    print(f"\nInverse distance, power 4, 20 of {len(study.samples):,} probes, {study.columns * study.rows:,} cells; whole processes")
    if not shutil.which("gdal_grid"):
        return missing("gdal_grid", "it is not installed")
    subprocess.run(["ogr2ogr", "-q", "-overwrite", work / "samples.gpkg", study.file, "-oo", "X_POSSIBLE_NAMES=x", "-oo", "Y_POSSIBLE_NAMES=y",
                    "-oo", "AUTODETECT_TYPE=YES", "-nln", "samples"], check=True)
    # The least radius that holds 20 probes everywhere, corners too: gdal_grid searches in circles.
    corner = np.sort(np.hypot(*study.samples[:, :2].T))[19]
    radius = 1.2 * corner

    def whole(call, environment):
        return timed(lambda: subprocess.run(list(map(str, call)), env=os.environ | environment, check=True, capture_output=True))

    mine, theirs = {}, {}
    for threads in (1, CORES):
        own = [BENCH, "idw", *study.arguments(), POWER, work / "ours"]
        peer = ["gdal_grid", "-q", "--config", "GDAL_NUM_THREADS", threads, "-of", "ENVI", "-ot", "Float64", "-zfield", "value", "-l", "samples",
                "-a", f"invdistnn:power={POWER}:max_points=20:min_points=1:radius={radius}", "-txe", 0, study.width,
                "-tye", study.height, 0, "-outsize", study.columns, study.rows, work / "samples.gpkg", work / "grid"]
        both = fastest(2, lambda: whole(own, {"RAYON_NUM_THREADS": str(threads)}), lambda: whole(peer, {}))
        mine[threads], theirs[threads] = (got["seconds"] for got in both)
    same("values of all cells", np.fromfile(work / "ours") - np.fromfile(work / "grid"), 1e-8)
    for threads in (1, CORES):
        print(f"gdal_grid -a invdistnn, {threads} thread(s) both: theirs {theirs[threads]:.2f} s   ours {mine[threads]:.2f} s: {theirs[threads] / mine[threads]:.1f} x")


def simulation(work):
    study = Study(work, 4_000.0, 2_500.0)
    print(f"\nConditional simulation, {len(study.samples):,} probes, {study.columns * study.rows:,} cells, 200 surfaces")
    run = lambda threads, surfaces: ours(threads, "simulation", study, RANGE, surfaces, work / "ours")
    few = run(CORES, 20)
    one, all_ = fastest(2, lambda: run(1, 200), lambda: run(CORES, 200))
    mine = np.fromfile(work / "ours").reshape(-1, 2)
    print(f"  ours: mean {all_['mean']:.5f}, deviation of the mean of a surface {all_['deviation_of_means']:.5f}; "
          f"most memory {few['peak_mb']:.0f} MB with 20 surfaces, {all_['peak_mb']:.0f} MB with 200")

    def compare(peer, mean, deviation, cells):
        off = mine - cells
        print(f"  {peer}: mean {mean:.5f}, deviation of the mean of a surface {deviation:.5f}; cell by cell ours are off by "
              f"{np.sqrt(np.mean(off[:, 0] ** 2)):.3f} in the mean (root mean square), {np.mean(off[:, 1]):+.3f} in the deviation of {cells[:, 1].mean():.3f}")
        # By chance means of 200 and of fewer surfaces differ by about this much.
        assert abs(mean - all_["mean"]) < 0.02 and abs(np.mean(off[:, 1])) < 0.1 * cells[:, 1].mean()

    if has_gstat():
        (got,) = fastest(2, lambda: gstat(work, "simulation", study, 200))
        compare("gstat", got["mean"], got["deviation_of_means"], np.fromfile(work / "gstat").reshape(-1, 2))
        line("gstat, sequential, nmax = 20, nsim = 200, one thread", got["seconds"], one["seconds"], all_["seconds"])
    else:
        missing("gstat", "no R with the packages gstat and sp (Debian: r-cran-gstat)")
    try:
        import gstools
    except ImportError:
        return missing("GSTools", "it is not installed")
    x, y, z = study.samples.T
    model = gstools.Exponential(dim=2, var=PARTIAL_SILL, len_scale=RANGE / 3.0, nugget=NUGGET, rescale=1.0)
    rows, surfaces = 10, {}
    for threads in (1, CORES):
        gstools.config.NUM_THREADS = threads
        # Kriging once for all surfaces, on a part of the rows; then each surface as a field on all rows.
        started = time.perf_counter()
        peer = gstools.CondSRF(gstools.krige.Ordinary(model, (x, y), z, exact=True))
        prepared = time.perf_counter() - started
        peer.set_pos(study.centres(rows), "structured")
        peer(seed=0)
        started = time.perf_counter()
        peer.krige.delete_fields()
        peer(seed=0)
        once = time.perf_counter() - started
        field = gstools.SRF(model)
        field.set_pos(study.centres(study.rows), "structured")
        field(seed=0)
        started = time.perf_counter()
        for seed in range(5):
            field(seed=seed)
        total = prepared + once * study.rows / rows + (time.perf_counter() - started) / 5 * 200
        mine_seconds = (one if threads == 1 else all_)["seconds"]
        print(f"GSTools CondSRF, 1,000 modes, all probes, {threads} thread(s) both: theirs {total:.1f} s   ours {mine_seconds:.2f} s: "
              f"{total / mine_seconds:.1f} x   (theirs from kriging {rows} of {study.rows} rows once and 5 fields of all)")
    surfaces = np.array([peer(seed=seed).T.ravel() for seed in range(200)])
    print("  GSTools adds to the kriged values a field scaled by their deviation, not one kriged at the probes: errors correlate otherwise.")
    part = np.column_stack([surfaces.mean(axis=0), surfaces.std(axis=0, ddof=1)])
    off = mine[: len(part)] - part
    print(f"  on these rows ours are off by {np.sqrt(np.mean(off[:, 0] ** 2)):.3f} in the mean (root mean square), "
          f"{np.mean(off[:, 1]):+.3f} in the deviation of {part[:, 1].mean():.3f}")
    assert np.sqrt(np.mean(off[:, 0] ** 2)) < 0.2 * part[:, 1].mean() and abs(np.mean(off[:, 1])) < 0.1 * part[:, 1].mean()


def methods(work):
    study = Study(work, 4_000.0, 2_500.0)
    print(f"\nA typical deposit, {len(study.samples):,} probes, {study.columns * study.rows:,} cells: milliseconds by 1 and {CORES} threads")
    one, all_ = ours(1, "methods", study, RANGE), ours(CORES, "methods", study, RANGE)
    for name in one:
        if name not in ("threads", "peak_mb"):
            print(f"  {name.replace('_', ' '):<32} {one[name]:9.1f} {all_[name]:9.1f}")


print(f"{CORES} processors, load average {os.getloadavg()[0]:.1f} at the beginning: above about 1 the times of several threads say little")
with tempfile.TemporaryDirectory() as folder:
    for part in (kriging, inverse_distance, simulation, methods):
        if not sys.argv[2:] or part.__name__ in sys.argv[2:]:
            part(Path(folder))
            sys.stdout.flush()
print(f"\nload average {os.getloadavg()[0]:.1f} at the end")
