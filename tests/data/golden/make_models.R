# R's answers for the models of mimicrylab: MANOVA, moderation, mixed models, repeated measures, ANCOVA, clusters, bounded
# outcomes, survival, Bayes factors, power. Run in this folder:  Rscript make_models.R
# Reads people.csv and trials.csv (see make_golden.R) and prediction.csv (50 simulated people, 27 measures); writes models.json in the form of golden.json. Tests never need R.
suppressMessages({library(jsonlite); library(car); library(emmeans); library(effectsize); library(lme4); library(lmerTest)
                  library(afex); library(sandwich); library(survival); library(BayesFactor); library(pwr); library(glmnet)})
options(warn = -1, contrasts = c("contr.treatment", "contr.poly")); emm_options(msg.interaction = FALSE)
g <- read.csv("people.csv"); t <- read.csv("trials.csv"); out <- list()
put <- function(name, call) {
  expression <- substitute(call)
  text <- gsub("\\s+", " ", paste(trimws(deparse(expression, width.cutoff = 500)), collapse = " "))
  out[[name]] <<- list(call = unbox(text), value = as.numeric(unlist(eval(expression, parent.frame()))))
}

# limits of partial eta squared from an exact noncentral F (effectsize searches them only roughly)
share <- function(f, a, b) { ncp <- function(p) uniroot(function(x) pf(f, a, b, ncp = x) - p, c(0, 200), tol = 1e-12)$root
  c(f * a / (f * a + b), ncp(.975) / (ncp(.975) + b), ncp(.025) / (ncp(.025) + b)) }

# multivariate regression
units <- as.matrix(g[, c("AU6", "AU12", "AU25")])
arms <- manova(units ~ treatment, g); rated <- Anova(lm(units ~ factor(lik) + eq, g), type = 2)
kinds <- c("Wilks", "Pillai", "Hotelling-Lawley", "Roy")
put("manova_two_groups", sapply(kinds, function(k) summary(arms, test = k)$stats[1, c(2, 3, 4, 5, 6)]))
put("manova_factor", sapply(kinds, function(k) summary(manova(units ~ eq + factor(lik), g), test = k)$stats[2, c(2, 3, 4, 5, 6)]))
put("manova_covariate", sapply(kinds, function(k) summary(manova(units ~ factor(lik) + eq, g), test = k)$stats[2, c(2, 3, 4, 5, 6)]))
put("manova_outcomes", t(sapply(summary(lm(units ~ treatment, g)), function(m) m$coefficients[2, ])))
put("partial_eta_limits", share(5, 3, 141))
put("partial_eta_limits_searched", as.data.frame(F_to_eta2(5, 3, 141, ci = .95, alternative = "two.sided"))[c("Eta2_partial", "CI_low", "CI_high")])
put("partial_eta_limits_large", share(20, 2, 100))

# diagnostics of a regression
fit <- lm(eq ~ AU6 + AU12 + AU25, g)
put("diagnostics_residuals", unlist(shapiro.test(residuals(fit))[c("statistic", "p.value")]))
put("diagnostics_spread", unlist(lmtest::bptest(fit)[c("statistic", "parameter", "p.value")]))
put("diagnostics_influence", max(cooks.distance(fit)))

# moderation
g$nc <- g$neutral - mean(g$neutral); s <- sd(g$neutral)
moderation <- lm(mim ~ treat * nc, g); arm <- lm(mim ~ factor(treat) * nc, g)
slopes <- function(m, ...) as.data.frame(summary(pairs(emmeans(m, ~ treat | nc, at = list(nc = c(-s, 0, s)), ...), reverse = TRUE), infer = TRUE))
put("moderation_product", summary(moderation)$coefficients[4, ])
put("moderation_slopes", t(slopes(arm)[, c("estimate", "SE", "lower.CL", "upper.CL", "t.ratio", "p.value")]))
robust <- hccm(moderation, type = "hc3")
put("moderation_slopes_hc3", t(slopes(arm, vcov. = hccm(arm, type = "hc3"))[, c("estimate", "SE", "t.ratio", "p.value")]))
# Johnson-Neyman: where |slope| is qt(.975) of its standard errors; g$strong has an interaction
g$strong <- g$mim + g$treat * g$nc; strong <- lm(strong ~ treat * nc, g)
excess <- function(z) abs(sum(coef(strong)[c(2, 4)] * c(1, z))) / sqrt(c(1, z) %*% vcov(strong)[c(2, 4), c(2, 4)] %*% c(1, z)) - qt(.975, 141)
put("johnson_neyman", mean(g$neutral) + c(uniroot(excess, c(-.3, -.05), tol = 1e-14)$root, uniroot(excess, c(-.05, .3), tol = 1e-14)$root))
put("moderation_line", as.data.frame(emmeans(arm, ~ treat | nc, at = list(nc = max(g$nc))))[, c("emmean", "lower.CL", "upper.CL")])

# cluster-robust errors: a trait of the person and a condition within people
t$happy <- as.numeric(t$emotion == "happiness"); kept <- t[-c(3, 40:52, 100, 700:730), ]
stacked <- lm(y ~ happy * group, kept)
put("cr1_se", sqrt(diag(vcovCL(stacked, ~ subject))))
put("cr2_se", sqrt(diag(vcovCL(stacked, ~ subject, type = "HC2"))))
bell_mccaffrey <- function(m, cluster) {  # Bell & McCaffrey 2002 with full n x n matrices
  X <- model.matrix(m); M <- solve(crossprod(X)); H <- X %*% M %*% t(X); ids <- unique(cluster)
  sapply(seq_len(ncol(X)), function(j) {
    G <- sapply(ids, function(i) { r <- which(cluster == i); e <- eigen(diag(length(r)) - H[r, r], symmetric = TRUE)
      (diag(nrow(X)) - H)[, r] %*% (e$vectors %*% (t(e$vectors) / sqrt(e$values))) %*% X[r, ] %*% M[, j] })
    Q <- crossprod(G); sum(diag(Q))^2 / sum(Q^2) })
}
put("cr2_df", bell_mccaffrey(stacked, kept$subject))

# mixed models
t$emotion <- relevel(factor(t$emotion), ref = "neutral")
# the default search of lme4 stops at 5 digits (its deviance is higher than ours), so it is told to go on
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 1e5))
mm1 <- lmer(y ~ emotion * group + (1 | subject), t, control = tight)
mm2 <- lmer(y ~ emotion * group + (1 | subject) + (1 | model), t, control = tight)
mm3 <- lmer(y ~ happy * group + (1 + happy | subject), t, control = tight)
mm4 <- lmer(y ~ happy * group + (1 + happy | subject) + (1 + group | model), kept, control = tight)
mm5 <- lmer(y ~ happy * group + (1 + happy || subject) + (1 | model), kept, control = tight)
put("mixed_person_b", summary(mm1)$coefficients[, 1]); put("mixed_person_se", summary(mm1)$coefficients[, 2]); put("mixed_person_df", summary(mm1)$coefficients[, 3]); put("mixed_person_p", summary(mm1)$coefficients[, 5])
put("mixed_person_deviance", c(-2 * logLik(mm1), as.data.frame(VarCorr(mm1))$sdcor))
put("mixed_crossed_b", summary(mm2)$coefficients[, 1]); put("mixed_crossed_se", summary(mm2)$coefficients[, 2]); put("mixed_crossed_df", summary(mm2)$coefficients[, 3]); put("mixed_crossed_p", summary(mm2)$coefficients[, 5])
put("mixed_crossed_deviance", c(-2 * logLik(mm2), as.data.frame(VarCorr(mm2))$sdcor))
put("mixed_crossed_anova", t(anova(mm2)[, c("NumDF", "DenDF", "F value", "Pr(>F)")]))
put("mixed_slope_b", summary(mm3)$coefficients[, 1]); put("mixed_slope_se", summary(mm3)$coefficients[, 2]); put("mixed_slope_df", summary(mm3)$coefficients[, 3]); put("mixed_slope_p", summary(mm3)$coefficients[, 5])
put("mixed_slope_deviance", c(-2 * logLik(mm3), as.data.frame(VarCorr(mm3))$sdcor))
put("mixed_both_b", summary(mm4)$coefficients[, 1]); put("mixed_both_se", summary(mm4)$coefficients[, 2]); put("mixed_both_df", summary(mm4)$coefficients[, 3]); put("mixed_both_p", summary(mm4)$coefficients[, 5])
put("mixed_both_deviance", c(-2 * logLik(mm4), as.data.frame(VarCorr(mm4))$sdcor))
put("mixed_uncorrelated_se", summary(mm5)$coefficients[, 2]); put("mixed_uncorrelated_df", summary(mm5)$coefficients[, 3])
put("mixed_uncorrelated_deviance", c(-2 * logLik(mm5), as.data.frame(VarCorr(mm5))$sdcor))

# repeated measures: emotion, and which half of the models, within people; group and another factor (unequal) between
t$half <- ifelse(as.integer(substr(t$model, 2, 2)) < 4, "first", "second")
t$other <- ifelse(as.integer(substr(t$subject, 2, 3)) %% 3 == 0, "x", "y")
cells <- aggregate(y ~ subject + emotion + half + group + other, t, mean); cells$group <- factor(cells$group)
means <- aggregate(y ~ subject + emotion, t, mean)
table_of <- function(a) t(a$anova_table[, c("num Df", "den Df", "F", "ges", "pes", "Pr(>F)")])
within <- aov_ez("subject", "y", means, within = "emotion", anova_table = list(es = c("ges", "pes")))
two <- aov_ez("subject", "y", cells, within = c("emotion", "half"), between = c("group", "other"), anova_table = list(es = c("ges", "pes")))
uncorrected <- aov_ez("subject", "y", cells, within = c("emotion", "half"), between = "group", anova_table = list(es = c("ges", "pes"), correction = "none"))
huynh <- aov_ez("subject", "y", cells, within = c("emotion", "half"), between = "group", anova_table = list(es = c("ges", "pes"), correction = "HF"))
put("repeated_one", table_of(within)); put("repeated_mixed", table_of(two)); put("repeated_uncorrected", table_of(uncorrected)); put("repeated_huynh_feldt", table_of(huynh))
cat(rownames(two$anova_table), "|", rownames(huynh$anova_table), "\n")
put("sphericity", t(summary(huynh)$sphericity.tests[, ])); put("sphericity_epsilon", pmin(1, summary(huynh)$pval.adjustments[, c("GG eps", "HF eps")]))

# analysis of covariance
g$side <- ifelse(g$id %% 3 == 0, "left", "right")
options(contrasts = c("contr.sum", "contr.poly")); adjusted <- lm(mim ~ neutral + eq + treatment * side, g); options(contrasts = c("contr.treatment", "contr.poly"))
type3 <- Anova(adjusted, type = 3)[c("treatment", "side", "treatment:side", "neutral", "eq"), ]
put("ancova_classic", t(cbind(type3[, c("F value", "Pr(>F)")], type3[, "Sum Sq"] / (type3[, "Sum Sq"] + deviance(adjusted)))))
put("ancova_hc3", t(as.data.frame(Anova(adjusted, type = 3, white.adjust = "hc3"))[c("treatment", "side", "treatment:side", "neutral", "eq"), c("F", "Pr(>F)")]))
put("ancova_means", t(as.data.frame(emmeans(adjusted, ~ treatment))[, c("emmean", "SE", "lower.CL", "upper.CL")]))
put("ancova_differences", as.data.frame(summary(pairs(emmeans(adjusted, ~ side), reverse = TRUE), infer = TRUE))[, c("estimate", "SE", "lower.CL", "upper.CL", "t.ratio", "p.value")])
rated <- lm(mim ~ neutral + factor(lik), g)
put("ancova_holm", sort(summary(pairs(emmeans(rated, ~ lik), reverse = TRUE), adjust = "holm")$p.value))

# power
power_f <- function(lambda, a, b, alpha = .05) pf(qf(1 - alpha, a, b), a, b, ncp = lambda, lower.tail = FALSE)
put("power_t", c(pwr.t.test(n = 64, d = .5)$power, pwr.t.test(n = 20, d = .9, sig.level = .01)$power))
put("power_t_unequal", pwr.t2n.test(n1 = 22, n2 = 59, d = .8)$power)
put("power_paired", pwr.t.test(n = 34, d = .5, type = "paired")$power)
put("power_detectable", pwr.t.test(n = 64, power = .9)$d)
put("power_regression", pwr.f2.test(u = 3, v = 73, f2 = .15)$power)
# r exactly: t given the predictor, averaged over the chi-squared distribution of its sum of squares
put("power_correlation", integrate(function(s) power_f(.3^2 / (1 - .3^2) * s, 1, 82) * dchisq(s, 83), 0, 400, rel.tol = 1e-11)$value)
put("power_correlation_approximate", pwr.r.test(n = 50, power = .8)$r)
put("power_repeated", c(power_f(.2^2 * 68 * 5, 1, 66), power_f(.2^2 * 40 * 5 * .7 / .5, 4 * .7, 38 * 4 * .7), power_f(.2^2 * 40 * 5 / .5, 4, 40 - 2 - 5 + 2)))

# onset latencies with ties, censored at 6 s; trials: censored at 2 s, several of a person
g$time <- round(8 - 10 * g$AU12, 1); g$onset <- g$time < 6; g$time <- pmin(pmax(g$time, .1), 6)
curve <- survfit(Surv(time, onset) ~ treatment, g, conf.type = "log-log")
put("responders", c(mean(g$onset), prop.test(sum(g$onset), nrow(g), correct = FALSE)$conf.int))
put("kaplan_meier", { s <- summary(curve, times = c(4, 5, 5.5)); c(s$n.risk, s$surv, s$lower, s$upper) })
put("median_latency", unlist(lapply(quantile(curve, .5), as.numeric)))
put("log_rank", { d <- survdiff(Surv(time, onset) ~ treatment, g); c(d$chisq, pchisq(d$chisq, 1, lower.tail = FALSE)) })
put("log_rank_five", { d <- survdiff(Surv(time, onset) ~ lik, g); c(d$chisq, pchisq(d$chisq, 4, lower.tail = FALSE)) })
cox <- coxph(Surv(time, onset) ~ eq + treatment + neutral, g)
put("cox", t(summary(cox)$coefficients[, c("coef", "exp(coef)", "se(coef)", "z", "Pr(>|z|)")]))
put("cox_whole", summary(cox)$logtest[c("test", "df", "pvalue")])
kept$time <- round(2 - kept$y, 1); kept$onset <- kept$time < 3; kept$time <- pmin(pmax(kept$time, .1), 3)
many <- coxph(Surv(time, onset) ~ happy + group, kept, cluster = subject)
put("cox_cluster", t(summary(many)$coefficients[, c("coef", "robust se", "z", "Pr(>|z|)")]))
put("cox_cluster_whole", { w <- coef(many) %*% solve(vcov(many)) %*% coef(many); c(w, 2, pchisq(w, 2, lower.tail = FALSE)) })

# bounded outcomes: rates with a floor at 0, amounts with a floor at .3
robust_lines <- function(m, df) { b <- coef(m); se <- sqrt(diag(vcovHC(m, type = "HC3"))); c(b, se, 2 * pt(-abs(b / se), df)) }
g$rate <- pmin(pmax(g$AU12 - .2, 0), 1); share <- glm(rate ~ neutral + treatment, quasibinomial, g, epsilon = 1e-14)
put("fractional_logit", robust_lines(share, 142))
# average marginal effects and their errors by the delta method, derivatives written out
effects <- function(m) { b <- coef(m); X <- model.matrix(m); mu <- plogis(X %*% b)[, 1]; X1 <- X0 <- X; X1[, 3] <- 1; X0[, 3] <- 0
  p1 <- plogis(X1 %*% b)[, 1]; p0 <- plogis(X0 %*% b)[, 1]
  slope <- mean(mu * (1 - mu)) * b[2]; d1 <- colMeans(mu * (1 - mu) * (1 - 2 * mu) * X) * b[2] + c(0, mean(mu * (1 - mu)), 0)
  d2 <- colMeans(p1 * (1 - p1) * X1) - colMeans(p0 * (1 - p0) * X0); V <- vcovHC(m, type = "HC3")
  c(slope, mean(p1 - p0), sqrt(d1 %*% V %*% d1), sqrt(d2 %*% V %*% d2)) }
put("fractional_effects", effects(share))
g$floored <- pmax(g$AU12, .3); g$any <- g$floored > .3
first <- glm(any ~ neutral + treatment, binomial, g, epsilon = 1e-14); second <- lm(floored ~ neutral + treatment, g, subset = any)
put("two_parts_any", robust_lines(first, 142)); put("two_parts_amount", robust_lines(second, second$df.residual))
put("two_parts_overall", { X1 <- X0 <- model.matrix(first); X1[, 3] <- 1; X0[, 3] <- 0; b <- coef(first); a <- coef(second)
  mean(plogis(X1 %*% b) * (X1 %*% a - .3) - plogis(X0 %*% b) * (X0 %*% a - .3)) })

# Bayes factors
a <- g$mim[g$treat == 1]; b <- g$mim[g$treat == 0]
put("bf_groups", c(extractBF(ttestBF(a, b))$bf, extractBF(ttestBF(a, b, rscale = 1))$bf))
put("bf_pairs", extractBF(ttestBF(a[1:20], b[1:20], paired = TRUE))$bf)
put("bf_value", extractBF(ttestBF(g$eq, mu = 45))$bf)
put("bf_correlation", extractBF(correlationBF(g$mim, g$eq))$bf)
put("bf_correlation_uniform", extractBF(correlationBF(g$mim, g$eq, rscale = 1))$bf)
put("bf_correlation_strong", extractBF(correlationBF(g$mim, g$AU6))$bf)

# elastic net
e <- read.csv("prediction.csv"); X <- scale(as.matrix(e[, 1:27])) * sqrt(50 / 49)
net <- glmnet(X, e$y, alpha = .5, lambda = .5, standardize = FALSE, thresh = 1e-20, maxit = 1e7)
put("elastic_net", as.numeric(coef(net)))

packages <- c("car", "emmeans", "effectsize", "lme4", "lmerTest", "afex", "sandwich", "survival", "BayesFactor", "pwr", "glmnet", "lmtest")
versions <- sapply(packages, function(p) as.character(packageVersion(p)))
write_json(list(made_with = unbox(paste(R.version.string, paste(packages, versions, collapse = ", "), sep = "; ")), numbers = out), "models.json", digits = NA, pretty = TRUE)
