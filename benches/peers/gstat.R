# gstat's side of geostat.py:  gstat.R kriging|simulation SAMPLES WIDTH HEIGHT CELL RANGE ROWS|REALISATIONS OUT
suppressMessages({ library(sp); library(gstat) })
arguments <- commandArgs(trailingOnly = TRUE)
number <- as.numeric(arguments[3:7])
samples <- read.csv(arguments[2])
coordinates(samples) <- ~x+y
width <- number[1]; height <- number[2]; cell <- number[3]
# The practical range over 3; vgm() names the scale.
model <- vgm(0.45, "Exp", number[4] / 3, nugget = 0.05)
rows <- if (arguments[1] == "kriging") number[5] else height / cell
cells <- expand.grid(x = seq(cell / 2, width, cell), y = height - cell * (seq_len(rows) - 0.5))
coordinates(cells) <- ~x+y
if (arguments[1] == "kriging") {
  took <- system.time(got <- krige(value ~ 1, samples, cells, model = model, nmax = 20, debug.level = 0))
  writeBin(as.vector(rbind(got$var1.pred, got$var1.var)), arguments[8])
} else {
  set.seed(1)
  took <- system.time(got <- krige(value ~ 1, samples, cells, model = model, nmax = 20, nsim = number[5], debug.level = 0))
  values <- as.matrix(got@data)
  means <- colMeans(values)
  cat("mean", mean(means), "\ndeviation_of_means", sd(means), "\n")
  writeBin(as.vector(rbind(rowMeans(values), apply(values, 1, sd))), arguments[8])
}
cat("seconds", took[["elapsed"]], "\n")
