# R's answers for the statistics of mimicrylab. Run in this folder:  Rscript make_golden.R
# Reads people.csv (145 simulated people) and trials.csv (40 people x 8 models x 4 emotions, simulated); writes
# golden.json: for each number its name, the R call it came from and its value(s). Tests read golden.json, never R.
suppressMessages({library(jsonlite); library(effectsize); library(psych); library(car); library(boot)})
options(warn = -1)
g <- read.csv("people.csv"); t <- read.csv("trials.csv"); out <- list()
put <- function(name, call) {
  expression <- substitute(call)
  text <- gsub("\\s+", " ", paste(trimws(deparse(expression, width.cutoff = 500)), collapse = " "))
  out[[name]] <<- list(call = unbox(text), value = as.numeric(unlist(eval(expression, parent.frame()))))
}
# exact limits of a noncentral t (effectsize searches them only roughly)
ncp <- function(t, df, p) uniroot(function(x) pt(t, df, ncp = x) - p, c(t - 9, t + 9), tol = 1e-13)$root
cell <- function(x) as.numeric(x)

a <- g$mim[g$treat == 1]; b <- g$mim[g$treat == 0]; la <- g$lik[g$treat == 1]; lb <- g$lik[g$treat == 0]
x <- a[1:20]; y <- b[1:20]; n1 <- length(a); n2 <- length(b)

student <- t.test(a, b, var.equal = TRUE); welch <- t.test(a, b)
put("student", c(student$statistic, student$parameter, student$p.value, student$conf.int, student$stderr))
put("welch", c(welch$statistic, welch$parameter, welch$p.value, welch$conf.int, welch$stderr))
put("d_pooled", cohens_d(a, b, pooled_sd = TRUE)$Cohens_d)
put("d_pooled_limits", c(ncp(student$statistic, n1 + n2 - 2, .975), ncp(student$statistic, n1 + n2 - 2, .025)) * sqrt(1/n1 + 1/n2))
put("d_average", cohens_d(a, b, pooled_sd = FALSE)$Cohens_d)
put("d_average_limits", as.data.frame(cohens_d(a, b, pooled_sd = FALSE))[c("CI_low", "CI_high")])
put("g_pooled", hedges_g(a, b, pooled_sd = TRUE)$Hedges_g)
put("g_average", hedges_g(a, b, pooled_sd = FALSE)$Hedges_g)

put("mann_whitney_ties", c(wilcox.test(la, lb)$statistic, wilcox.test(la, lb)$p.value))
put("mann_whitney_exact", c(wilcox.test(x, y)$statistic, wilcox.test(x, y)$p.value))
put("mann_whitney_exact_shift", c(wilcox.test(x, y, conf.int = TRUE)$estimate, wilcox.test(x, y, conf.int = TRUE)$conf.int))
put("mann_whitney_normal", wilcox.test(a, b)$p.value)
put("mann_whitney_normal_shift", c(wilcox.test(a, b, conf.int = TRUE)$estimate, wilcox.test(a, b, conf.int = TRUE)$conf.int))
put("rank_biserial", as.data.frame(rank_biserial(la, lb))[c("r_rank_biserial", "CI_low", "CI_high")])

paired <- t.test(x, y, paired = TRUE)
put("paired", c(paired$estimate, paired$statistic, paired$parameter, paired$p.value, paired$conf.int, paired$stderr))
put("d_z", cohens_d(x - y)$Cohens_d)
put("d_z_limits", c(ncp(paired$statistic, 19, .975), ncp(paired$statistic, 19, .025)) / sqrt(20))
put("g_z", hedges_g(x - y)$Hedges_g)
one <- t.test(g$eq, mu = 45)
put("one_sample", c(one$statistic, one$parameter, one$p.value, one$conf.int, one$stderr))
put("wilcoxon_exact", c(wilcox.test(x, y, paired = TRUE)$statistic, wilcox.test(x, y, paired = TRUE)$p.value))
put("wilcoxon_exact_shift", c(wilcox.test(x - y, conf.int = TRUE)$estimate, wilcox.test(x - y, conf.int = TRUE)$conf.int))
put("wilcoxon_normal", c(wilcox.test(g$lik, mu = 3)$statistic, wilcox.test(g$lik, mu = 3)$p.value))
put("signed_rank_biserial", as.data.frame(rank_biserial(x, y, paired = TRUE))[c("r_rank_biserial", "CI_low", "CI_high")])

put("shapiro", c(shapiro.test(a)$statistic, shapiro.test(a)$p.value))
put("shapiro_floor", c(shapiro.test(la)$statistic, shapiro.test(la)$p.value))
put("levene_median", cell(leveneTest(mim ~ factor(treat), g)[1, c("F value", "Pr(>F)")]))
put("levene_mean", cell(leveneTest(mim ~ factor(treat), g, center = mean)[1, c("F value", "Pr(>F)")]))

high <- g$eq > 46
chi <- chisq.test(table(g$treatment, g$lik), correct = FALSE)
put("chi_square", c(chi$statistic, chi$parameter, chi$p.value))
put("cramers_v", cramers_v(table(g$treatment, g$lik), adjust = FALSE)$Cramers_v)
put("chi_square_yates", chisq.test(table(g$treatment, high))$p.value)
fisher <- fisher.test(table(g$treatment, high))
put("fisher", c(fisher$estimate, fisher$conf.int, fisher$p.value))

d <- mean(a) - mean(b)
put("tost_student", max(pt((d + .05) / student$stderr, 143, lower.tail = FALSE), pt((d - .05) / student$stderr, 143)))
put("tost_welch", max(pt((d + .05) / welch$stderr, welch$parameter, lower.tail = FALSE), pt((d - .05) / welch$stderr, welch$parameter)))

pearson <- cor.test(g$mim, g$eq)
put("pearson", c(pearson$estimate, pearson$statistic, pearson$parameter, pearson$p.value, pearson$conf.int))
put("spearman", c(cor.test(g$mim, g$lik, method = "spearman", exact = FALSE)$estimate, cor.test(g$mim, g$lik, method = "spearman", exact = FALSE)$p.value))
put("kendall", c(cor.test(g$mim, g$lik, method = "kendall", exact = FALSE)$estimate, cor.test(g$mim, g$lik, method = "kendall", exact = FALSE)$p.value))

p <- c(.001, .012, .013, .04, .045, .2, .7)
put("holm", p.adjust(p, "holm")); put("bh", p.adjust(p, "BH"))

items <- g[, c("AU6", "AU12", "AU25")]
put("alpha", alpha(items)$total$raw_alpha)
put("alpha_feldt", unlist(alpha.ci(alpha(items)$total$raw_alpha, 145, 3)[c("lower.ci", "upper.ci")]))
loadings <- as.numeric(fa(items, 1, fm = "minres")$loadings); spread <- sapply(items, sd)
put("omega", sum(loadings * spread)^2 / (sum(loadings * spread)^2 + sum((1 - loadings^2) * spread^2)))
happy <- reshape(t[t$emotion == "happiness", c("subject", "model", "y")], idvar = "subject", timevar = "model", direction = "wide")[, -1]
icc <- ICC(happy, lmer = FALSE)$results
put("icc_3_1", icc[icc$type == "ICC3", c("ICC", "F", "df1", "df2", "p", "lower bound", "upper bound")])
put("icc_3_k", icc[icc$type == "ICC3k", c("ICC", "lower bound", "upper bound")])
halves <- combn(8, 4, simplify = FALSE)[1:35]
put("split_half", tanh(mean(sapply(halves, function(h) atanh(cor(rowMeans(happy[, h]), rowMeans(happy[, setdiff(1:8, h)])))))))
rater <- cut(g$AU6, c(-1, .1, .2, 9), labels = FALSE); other <- cut(g$AU12, c(-1, .1, .2, 9), labels = FALSE)
kappa <- cohen.kappa(cbind(rater, other))
put("kappa", c(kappa$kappa, sqrt(kappa$var.kappa), kappa$confid[1, c(1, 3)]))

ols <- lm(eq ~ AU6 + AU12 + AU25, g); robust <- hccm(ols, type = "hc3")
put("ols", coef(ols)); put("ols_se", summary(ols)$coefficients[, 2]); put("ols_p", summary(ols)$coefficients[, 4])
put("ols_hc3_se", sqrt(diag(robust)))
put("ols_hc3_p", 2 * pt(-abs(coef(ols) / sqrt(diag(robust))), 141))
put("ols_fit", c(summary(ols)$r.squared, summary(ols)$adj.r.squared, summary(ols)$fstatistic, pf(summary(ols)$fstatistic[1], 3, 141, lower.tail = FALSE)))
put("ols_hc3_wald", cell(linearHypothesis(ols, c("AU6 = 0", "AU12 = 0", "AU25 = 0"), vcov. = robust)[2, c("F", "Pr(>F)")]))
put("vif", vif(ols))
interaction <- lm(mim ~ treat * neutral, g)
put("interaction", c(coef(interaction)[4], summary(interaction)$coefficients[4, c(2, 4)]))
factors <- lm(mim ~ factor(lik) + eq, g)
put("factors", coef(factors))

wide <- reshape(aggregate(y ~ subject + emotion, t, mean), idvar = "subject", timevar = "emotion", direction = "wide")
score <- wide$y.happiness - (wide$y.anger + wide$y.fear + wide$y.neutral) / 3
contrast <- t.test(score)
put("contrast", c(contrast$estimate, contrast$statistic, contrast$parameter, contrast$p.value, contrast$conf.int))
set.seed(1); booted <- boot(g$lik, function(v, i) mean(v[i]), 99999)
put("bca_mean", boot.ci(booted, type = "bca")$bca[4:5])
set.seed(1); booted <- boot(cbind(g$mim, g$eq), function(v, i) cor(v[i, 1], v[i, 2]), 99999)
put("bca_correlation", boot.ci(booted, type = "bca")$bca[4:5])

versions <- sapply(c("effectsize", "psych", "car", "boot"), function(p) as.character(packageVersion(p)))
write_json(list(made_with = unbox(paste(R.version.string, paste(names(versions), versions, collapse = ", "), sep = "; ")), numbers = out), "golden.json", digits = NA, pretty = TRUE)
