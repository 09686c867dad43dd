/* A fork, not a new program: nothing here has threads. The child's output goes to a file without a
 * name, and begins with one line for us. */
#define _GNU_SOURCE /* memfd_create */
#include "sim-child.h"

#include "sim-job-values.h"

#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void
live(const SimJob *job, int output)
{
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (job->fill != 0)
    mallopt(M_PERTURB, job->fill);
  SimJobDone done;
  sim_job_do(job, &done);
  uint64_t trajectory = 0, results = 0, events = 0;
  if (done.run != NULL) {
    sim_job_print_text(job, &done);
    if (job->values)
      sim_job_values_print(done.run);
    if (job->events_max > 0) {
      g_autofree char *last = sim_world_last(sim_run_world(done.run));
      printf("last: %s\n", last);
    }
    trajectory = sim_world_fingerprint(sim_run_world(done.run));
    results = sim_run_fingerprint(done.run);
    events = sim_world_events(sim_run_world(done.run));
  }
  printf("\nreport %d %" PRIx64 " %" PRIx64 " %" PRIu64 "\n", done.status, trajectory, results,
         events);
  fflush(stdout);
  _exit(0);
}

bool
sim_child_start(SimChild *child, const SimJob *job)
{
  fflush(NULL); /* or the child would print it once more */
  *child = (SimChild){ .path = job->path, .began = g_get_monotonic_time() };
  child->output = memfd_create("drtsim", MFD_CLOEXEC);
  if (child->output < 0)
    return false;
  child->pid = fork();
  if (child->pid < 0) {
    close(child->output);
    return false;
  }
  if (child->pid == 0)
    live(job, child->output);
  return true;
}

static char *
read_all(int file)
{
  off_t size = lseek(file, 0, SEEK_END);
  char *text = g_malloc0((gsize)size + 1);
  for (off_t at = 0; at < size;) {
    ssize_t n = pread(file, text + at, (size_t)(size - at), at);
    if (n <= 0)
      break;
    at += n;
  }
  return text;
}

static void
read_report(const SimChild *child, int wait_status, SimChildReport *report)
{
  *report = (SimChildReport){ .text = read_all(child->output) };
  report->wall_s = (double)(g_get_monotonic_time() - child->began) / G_USEC_PER_SEC;
  char *line = g_strrstr(report->text, "\nreport ");
  if (line != NULL && WIFEXITED(wait_status)) {
    report->reported = sscanf(line, "\nreport %d %" SCNx64 " %" SCNx64 " %" SCNu64, &report->status,
                              &report->trajectory, &report->results, &report->events) == 4;
    *line = '\0';
  }
  if (!report->reported)
    report->status = SIM_EXIT_TROUBLE;
  if (WIFSIGNALED(wait_status))
    report->signal = WTERMSIG(wait_status);
}

/* Which one of ours it is, or -1: a shell that has become us may have left us another. */
static int
find_child(const SimChild *children, int count, pid_t pid)
{
  for (int i = 0; i < count; i++)
    if (children[i].pid == pid)
      return i;
  return -1;
}

int
sim_child_wait(SimChild *children, int count, SimChildReport *ret)
{
  int wait_status, found = -1;
  while (found < 0) {
    pid_t pid = waitpid(-1, &wait_status, 0);
    if (pid < 0 && errno != EINTR)
      return -1;
    if (pid > 0)
      found = find_child(children, count, pid);
  }
  read_report(&children[found], wait_status, ret);
  close(children[found].output);
  children[found].pid = 0;
  return found;
}

void
sim_child_report_clear(SimChildReport *report)
{
  g_free(report->text);
  *report = (SimChildReport){ 0 };
}
