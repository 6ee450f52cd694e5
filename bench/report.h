#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

// The rows that the project promises: a kernel against its peer or the machine's limit, both
// measured in the same run.
namespace hl7flow::bench {

struct RowSpec {
  const char* id;
  const char* ours;  // name of a benchmark
  const char* peer;  // name of a benchmark
  double bar;        // the least ratio
};

struct Row {
  const RowSpec* spec;
  const char* unit;
  double value, peer_value, ratio;
  bool holds;
};

/// Keeps every repetition, prints nothing before the end.
class Collector final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override;

  /// Each benchmark: the median, the slowest and the fastest repetition.
  void print_benchmarks() const;
  /// The rows of which both sides were measured.
  std::vector<Row> rows() const;
  /// What went wrong, a line each.
  const std::vector<std::string>& errors() const noexcept { return errors_; }

 private:
  struct Samples {
    bool bytes = false;          // GB/s, else nanoseconds an item
    std::vector<double> values;  // one a repetition
  };
  std::map<std::string, Samples> samples_;
  std::vector<std::string> order_, errors_;
};

/// Model, family and number of cores, as ./dev perf says it.
std::string cpu_name();
void print_rows(const std::vector<Row>& rows);
/// One JSON object a line; false if the file cannot be written.
bool write_json(const std::vector<Row>& rows, const std::string& path);

}  // namespace hl7flow::bench
