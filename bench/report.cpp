#include <bench/report.h>

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace hl7flow::bench {
namespace {

constexpr RowSpec specs[] = {
    {"scan/simdjson", "scan", "simdjson_stage1", 1.4},
    {"scan/read_bandwidth", "scan", "read_bandwidth", 0.6},
    {"scan_avx2/simdjson_avx2", "scan_avx2", "simdjson_stage1_avx2", 1.0},
    {"index/on_demand", "index", "simdjson_on_demand", 3.5},
    {"index/memcpy", "index", "memcpy", 0.4},
    {"extract24/memcpy", "extract24", "memcpy", 0.15},
    {"lookup_100k/boost", "lookup_100k", "boost_100k", 2},
    {"lookup_400k/boost", "lookup_400k", "boost_400k", 4},
    {"lookup_1m/boost", "lookup_1m", "boost_1m", 4},
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::size_t const half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// Every quotation mark and backslash escaped, as JSON wants it.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

void Collector::ReportRuns(const std::vector<Run>& runs) {
  for (Run const& run : runs) {
    std::string const& name = run.run_name.function_name;
    if (run.error_occurred) {
      errors_.push_back(name + ": " + run.error_message);
      continue;
    }
    if (run.run_type != Run::RT_Iteration) continue;
    if (!samples_.contains(name)) order_.push_back(name);
    Samples& samples = samples_[name];
    auto const bytes = run.counters.find("bytes_per_second");
    auto const items = run.counters.find("items_per_second");
    samples.bytes = bytes != run.counters.end();
    if (samples.bytes)
      samples.values.push_back(bytes->second.value / 1e9);
    else if (items != run.counters.end())
      samples.values.push_back(1e9 / items->second.value);
  }
}

void Collector::print_benchmarks() const {
  std::printf("%-32s %8s %8s %8s\n", "benchmark", "median", "least", "most");
  for (std::string const& name : order_) {
    Samples const& samples = samples_.at(name);
    if (samples.values.empty()) continue;
    auto const [least, most] = std::minmax_element(samples.values.begin(), samples.values.end());
    std::printf("%-32s %8.2f %8.2f %8.2f %s\n", name.c_str(), median(samples.values), *least, *most,
                samples.bytes ? "GB/s" : "ns");
  }
}

std::vector<Row> Collector::rows() const {
  std::vector<Row> rows;
  for (RowSpec const& spec : specs) {
    auto const ours = samples_.find(spec.ours);
    auto const peer = samples_.find(spec.peer);
    if (ours == samples_.end() || peer == samples_.end()) continue;
    bool const bytes = ours->second.bytes;
    auto const rate = [&](const Samples& samples) {
      double const middle = median(samples.values);
      return bytes ? middle : 1e3 / middle;
    };
    double const value = rate(ours->second), peer_value = rate(peer->second);
    double const ratio = value / peer_value;
    rows.push_back({&spec, bytes ? "GB/s" : "M/s", value, peer_value, ratio, ratio >= spec.bar});
  }
  return rows;
}

std::string cpu_name() {
  std::map<std::string, std::string> facts;
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    std::size_t const colon = line.find(':');
    std::size_t const key_end = line.find_last_not_of(" \t", colon - 1);
    if (colon == std::string::npos || key_end == std::string::npos) continue;
    facts.try_emplace(line.substr(0, key_end + 1),
                      colon + 2 < line.size() ? line.substr(colon + 2) : "");
  }
  std::string name = facts.contains("model name") ? facts["model name"] : "unknown";
  if (facts.contains("cpu family"))
    name += " (family " + facts["cpu family"] + " model " + facts["model"] + ')';
  return name;
}

void print_rows(const std::vector<Row>& rows) {
  std::printf("%-26s %8s %-4s  %-22s %8s %8s %6s  %s\n", "id", "ours", "", "peer", "peer's",
              "ratio", "bar", "holds");
  for (Row const& row : rows)
    std::printf("%-26s %8.2f %-4s  %-22s %8.2f %8.3f %6g  %s\n", row.spec->id, row.value, row.unit,
                row.spec->peer, row.peer_value, row.ratio, row.spec->bar, row.holds ? "yes" : "NO");
}

bool write_json(const std::vector<Row>& rows, const std::string& path) {
  std::ofstream out(path);
  out.precision(4);
  for (Row const& row : rows)
    out << "{\"id\": " << quoted(row.spec->id) << ", \"value\": " << row.value
        << ", \"unit\": " << quoted(row.unit) << ", \"peer\": " << quoted(row.spec->peer)
        << ", \"peer_value\": " << row.peer_value << ", \"ratio\": " << row.ratio
        << ", \"bar\": " << row.spec->bar << ", \"holds\": " << (row.holds ? "true" : "false")
        << ", \"cpu\": " << quoted(cpu_name()) << "}\n";
  out.flush();
  return out.good();
}

}  // namespace hl7flow::bench
