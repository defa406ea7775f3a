# Times wilcox.test on the pairs of a series file.
#
# Reads commands from standard input: `single N` judges N pairs one after the other and answers with the seconds of
# processor time; `check` answers with the first pair's p-value and the ends of its interval.

judge <- function(experiment, control) {
    wilcox.test(experiment, control, exact = FALSE, correct = TRUE, conf.int = TRUE, conf.level = 0.98)
}

series <- lapply(strsplit(readLines(commandArgs(trailingOnly = TRUE)[1]), " ", fixed = TRUE), as.numeric)
controls <- series[c(TRUE, FALSE)]
experiments <- series[c(FALSE, TRUE)]
next_pair <- 1

input <- file("stdin", open = "r")
cat("ready ", R.version.string, "\n", sep = "")
while (length(line <- readLines(input, n = 1)) > 0) {
    command <- strsplit(line, " ", fixed = TRUE)[[1]]
    if (command[1] == "single") {
        start <- proc.time()
        for (call in seq_len(as.integer(command[2]))) {
            judge(experiments[[next_pair]], controls[[next_pair]])
            next_pair <- next_pair %% length(controls) + 1
        }
        taken <- proc.time() - start
        cat(format(taken[["user.self"]] + taken[["sys.self"]], digits = 15), "\n")
    } else {
        found <- judge(experiments[[1]], controls[[1]])
        cat(format(c(found$p.value, found$conf.int), digits = 15), "\n")
    }
}
