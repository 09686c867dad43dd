/* The table of `drtsim validate`, what it makes of runs, and the arithmetic behind it. */
#include "analysis-interval.h"
#include "sim-job-values.h"
#include "sim-scenario.h"
#include "sim-validate-print.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#define NEAR(a, b) (fabs((a) - (b)) < 1e-3)

/* ---- Arithmetic. ---- */

/* By hand: the mean is 4, the deviation sqrt((4 + 0 + 4) / 2) = 2, t of two degrees of freedom 4.303, so
 * 4.303 * 2 / sqrt(3) = 4.969 to either side. */
Test(interval, is_that_of_student)
{
  AnalysisInterval three = analysis_interval((const double[]){ 2, 4, 6 }, 3);
  cr_expect(three.n == 3 && NEAR(three.mean, 4));
  cr_expect(NEAR(three.low, -0.969) && NEAR(three.high, 8.969), "%f %f", three.low, three.high);
}

/* Ten values, 1 to 10: the deviation is sqrt(82.5 / 9) = 3.0277, t is 2.262: 2.1657. */
Test(interval, of_ten_seeds)
{
  AnalysisInterval ten = analysis_interval((const double[]){ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, 10);
  cr_expect(NEAR(ten.mean, 5.5) && NEAR(ten.low, 3.3343) && NEAR(ten.high, 7.6657), "%f %f",
            ten.low, ten.high);
}

/* With 100 values, half of them 0 and half 1, the deviation is 0.50252, t of 99 degrees 1.984. */
Test(interval, beyond_the_table_it_is_not_too_narrow)
{
  double values[100];
  for (unsigned i = 0; i < 100; i++)
    values[i] = i % 2;
  AnalysisInterval many = analysis_interval(values, 100);
  double half = many.high - many.mean;
  cr_expect(half > 1.984 * 0.050252 - 1e-4 && half < 1.995 * 0.050252, "%f", half);
}

Test(interval, of_one_run_says_nothing)
{
  AnalysisInterval one = analysis_interval((const double[]){ 7 }, 1);
  cr_expect(one.low == 7 && one.high == 7);
}

/* With a share of p, none of n fails with (1 - p)^n: that is 5 % for p = 3 / n. */
Test(interval, what_never_happened_is_bounded_by_three_in_n)
{
  cr_expect(NEAR(analysis_interval_never(500), 0.006));
  cr_expect(NEAR(pow(1 - analysis_interval_never(100000), 100000), 0.0498));
  cr_expect(analysis_interval_never(2) == 1);
}

/* ---- Values of a run. ---- */

Test(job_values, are_read_among_other_lines)
{
  g_autoptr(GArray) values = sim_job_values_read("a.drt: held\n"
                                                 "value 0 5 2 3000000000 expect x.y <= 3\n"
                                                 "value nothing\n"
                                                 "value 1 0 0 0 invariant one-ring\n");
  cr_assert(values->len == 2);
  const SimJobValue *first = &g_array_index(values, SimJobValue, 0);
  cr_expect(first->judgement == SIM_HELD && first->of == 5 && first->among == 2 &&
            first->at_s == 3);
  cr_expect_str_eq(first->text, "expect x.y <= 3");
  cr_expect(g_array_index(values, SimJobValue, 1).judgement == SIM_FAILED);
}

/* ---- The table. ---- */

static char *
read_text(void *data, const char *path, size_t *ret_size, GError **error)
{
  (void)path;
  (void)error;
  char *text = sim_validation_text(data);
  *ret_size = strlen(text);
  return text;
}

static SimScenario *
load(const SimExperiment *experiment, const SimRow *row, bool quick)
{
  g_auto(GStrv) sets = sim_row_sets(row, quick);
  SimScenarioOptions options = { .sets = (const char *const *)sets,
                                 .read = read_text,
                                 .read_data = row->scenario };
  g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
  SimScenario *scenario = sim_scenario_load(row->scenario, &options, mistakes);
  g_autofree char *text = sim_mistakes_format(mistakes);
  cr_assert(scenario != NULL, "[%s %s]: %s", experiment->name, row->name, text);
  return scenario;
}

static bool
has_expectation(const SimScenario *scenario, const SimRow *row)
{
  unsigned n = 0;

  for (uint32_t i = 0; i < scenario->expectation_count; i++) {
    const SimExpectation *expectation = &scenario->expectations[i];
    n += expectation->kind == SIM_EXPECT_METRIC &&
         strcmp(sim_metric_name(expectation->metric.metric), row->metric) == 0;
  }
  return n >= row->number;
}

static void
check_row(const SimExperiment *experiment, const SimRow *row)
{
  for (int quick = 0; quick <= 1 && row->scenario != NULL; quick++) {
    SimScenario *scenario = load(experiment, row, quick);
    cr_expect(row->kind != SIM_ROW_EXPECTATION || has_expectation(scenario, row),
              "[%s %s]: its scenario has no expectation of %s #%u", experiment->name, row->name,
              row->metric, row->number);
    sim_scenario_free(scenario);
  }
}

/* With the params of the table every scenario is one, and has what the rows ask for. */
Test(validation, rows_and_scenarios_fit)
{
  g_autoptr(SimValidation) validation = sim_validation_new();
  cr_assert(validation->experiments->len > 0);
  for (guint i = 0; i < validation->experiments->len; i++) {
    const SimExperiment *experiment = validation->experiments->pdata[i];
    cr_expect(experiment->rows->len > 0, "%s has no rows", experiment->name);
    for (guint k = 0; k < experiment->rows->len; k++)
      check_row(experiment, experiment->rows->pdata[k]);
  }
}

Test(validation, params_of_the_quick_form_come_last)
{
  SimRow row = { .set = (char *[]){ "N=2000", "A=1", NULL },
                 .quick_set = (char *[]){ "UNTIL=5min", "N=20", NULL } };
  g_auto(GStrv) full = sim_row_sets(&row, false), quick = sim_row_sets(&row, true);
  g_autofree char *all = g_strjoinv(" ", full), *less = g_strjoinv(" ", quick);
  cr_expect_str_eq(all, "A=1 N=2000");
  cr_expect_str_eq(less, "A=1 N=20 UNTIL=5min");
}

/* ---- What becomes of a bound. ---- */

/* V4 with thirty nodes, and as many hops as @most. */
static SimValidated *
validate_hops(char *most)
{
  SimRow row = { .name = "30",
                 .what = "hops, $N nodes",
                 .published = "1",
                 .unit = "hops",
                 .scenario = "v4-hops.drt",
                 .kind = SIM_ROW_EXPECTATION,
                 .metric = "search.hops.mean",
                 .number = 1,
                 .set = (char *[]){ "N=30", most, NULL } };
  g_autoptr(SimValidation) validation = sim_validation_new();
  SimExperiment experiment = *sim_validation_find(validation, "v4");
  experiment.rows = g_ptr_array_new();
  g_ptr_array_add(experiment.rows, &row);
  const SimExperiment *experiments[] = { &experiment, NULL };
  SimValidateOptions options = {
    .validation = validation,
    .experiments = experiments,
    .quiet = true,
    .has_seeds = true,
    .seeds = { 3, 4 },
    .jobs = 2,
  };
  SimValidated *validated = sim_validate_run(&options);
  g_autofree char *text = sim_validate_text(validated);
  cr_expect(strstr(text, "hops, 30 nodes") != NULL, "%s", text);
  bool met = validated->status == 0;
  cr_expect((strstr(text, "NOT HELD in 2 of 2") != NULL) == !met, "%s", text);
  cr_expect((strstr(text, "again: drtsim run scenarios/validate/v4-hops.drt --seed 4") != NULL) ==
              !met,
            "%s", text);
  g_ptr_array_free(experiment.rows, TRUE);
  return validated;
}

Test(validation, a_bound_that_is_met_holds)
{
  SimValidated *validated = validate_hops("MOST=3");
  const SimRowResult *result = &g_array_index(validated->outcomes, SimRowResult, 0);
  cr_expect(validated->status == 0 && validated->runs == 2);
  cr_expect(result->verdict == SIM_ROW_HELD && result->interval.n == 2);
  cr_expect(result->interval.mean > 1 && result->interval.mean < 2, "%f", result->interval.mean);
  cr_expect_str_eq(result->bound, "<= 3");
  sim_validated_free(validated);
}

Test(validation, a_bound_that_is_not_met_does_not_hold)
{
  SimValidated *validated = validate_hops("MOST=0.5");
  const SimRowResult *result = &g_array_index(validated->outcomes, SimRowResult, 0);
  cr_expect(validated->status == SIM_EXIT_FAILED, "status %d", validated->status);
  cr_expect(result->verdict == SIM_ROW_NOT_HELD && result->against == 2);
  cr_expect(validated->troubles->len == 2);
  sim_validated_free(validated);
}
