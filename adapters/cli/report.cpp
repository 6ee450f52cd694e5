#include <hl7flow/adapters/cli/report.h>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include <hl7flow/pipeline/json.h>

namespace hl7flow::cli {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

std::vector<std::pair<std::string, std::uint64_t>> by_count(const Counts& counts) {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](auto const& a, auto const& b) { return a.second > b.second; });
  return sorted;
}

/// "ADT^A08 410, ORU^R01 320 and 14 more".
std::string list_text(const Counts& counts, std::size_t most) {
  std::string text;
  std::size_t shown = 0;
  for (auto const& [key, count] : by_count(counts)) {
    if (shown == most) {
      text += fmt::format(" and {} more", counts.size() - shown);
      break;
    }
    text += fmt::format("{}{} {}", shown == 0 ? "" : ", ", key.empty() ? "(empty)" : key,
                        grouped(count));
    ++shown;
  }
  return text;
}

std::string counts_json(const Counts& counts) {
  JsonObject json;
  for (auto const& [key, count] : counts) json.add(key, count);
  return json.text();
}

/// What became of the codes: by system, or by sender, system and outcome.
using Outcomes = std::map<std::string, Counts>;

struct CodeKey {
  std::string sender, system, outcome;
};
CodeKey split_key(const std::string& key) {
  std::size_t const first = key.find('\t'), second = key.rfind('\t');
  if (first == std::string::npos || first == second) return {key, {}, {}};
  return {key.substr(0, first), key.substr(first + 1, second - first - 1), key.substr(second + 1)};
}

/// "  codes     LOINC 1,200: exact 1,100, map 80, unknown_code 20", a line a system.
std::string codes_text(const Counts& counts) {
  Outcomes systems;
  for (auto const& [key, count] : counts) {
    CodeKey const parts = split_key(key);
    systems[parts.system][parts.outcome] += count;
  }
  std::string text;
  for (auto const& [system, outcomes] : systems) {
    std::uint64_t all = 0;
    for (auto const& [outcome, count] : outcomes) all += count;
    text += fmt::format("  {:<9} {} {}: {}\n", text.empty() ? "codes" : "", system, grouped(all),
                        list_text(outcomes, 10));
  }
  return text;
}

/// {"SENDER": {"SYSTEM": {"OUTCOME": count}}}
std::string codes_json(const Counts& counts) {
  std::map<std::string, Outcomes> senders;
  for (auto const& [key, count] : counts) {
    CodeKey const parts = split_key(key);
    senders[parts.sender][parts.system][parts.outcome] += count;
  }
  JsonObject all;
  for (auto const& [sender, systems] : senders) {
    JsonObject by_system;
    for (auto const& [system, outcomes] : systems)
      by_system.add_json(system, counts_json(outcomes));
    all.add_json(sender, by_system.text());
  }
  return all.text();
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string bytes_text(double bytes) {
  constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  for (; bytes >= 1000 && unit < 4; ++unit) bytes /= 1000;
  return fmt::format("{:.{}f} {}", bytes, unit == 0 ? 0 : 1, units[unit]);
}

std::string seconds_text(double seconds) {
  if (seconds < 60) return fmt::format("{:.2f} s", seconds);
  auto const whole = static_cast<std::uint64_t>(seconds);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string account_text(const RunReport& report, bool with_stages) {
  Account const& a = report.account;
  std::string text = fmt::format(
      "{} messages in = {} written + {} duplicates + {} rejected + {} filtered\n"
      "{} bytes in = {} messages + {} framing + {} skipped\n",
      grouped(a.messages_in), grouped(a.written), grouped(a.duplicates), grouped(a.rejected),
      grouped(a.filtered), grouped(a.bytes_in), grouped(a.bytes_messages), grouped(a.bytes_framing),
      grouped(a.bytes_skipped));
  if (!a.types.empty()) text += "  types     " + list_text(a.types, 8) + "\n";
  if (!a.versions.empty()) text += "  versions  " + list_text(a.versions, 8) + "\n";
  text += codes_text(a.codes);
  if (!a.repeats.empty()) text += "  repeats   " + list_text(a.repeats, 8) + "\n";
  if (!a.persons.empty()) text += "  persons   " + list_text(a.persons, 8) + "\n";
  if (!a.rejects.empty()) text += "  rejects   " + list_text(a.rejects, 20) + "\n";
  for (auto const& [table, rows] : a.rows)
    text += fmt::format("  {:<28}{:>15} rows\n", table, grouped(rows));
  if (a.untyped_values > 0)
    text += fmt::format("  {} values did not fit their column's type; their text is kept\n",
                        grouped(a.untyped_values));
  if (a.unknown_escapes > 0)
    text += fmt::format("  {} unknown escape sequences stay as sent\n", grouped(a.unknown_escapes));
  if (a.joined_lines > 0)
    text += fmt::format("  {} lines without a segment identifier continue the segment before\n",
                        grouped(a.joined_lines));
  if (a.skipped_ranges > 0)
    text += fmt::format("  {} pieces of text between messages were skipped\n",
                        grouped(a.skipped_ranges));
  if (a.batch_count_mismatches > 0)
    text += fmt::format("  {} batch trailers (BTS-1, FTS-1) do not match what was counted\n",
                        grouped(a.batch_count_mismatches));
  if (a.continued_messages > 0)
    text += fmt::format("  {} of the filtered are parts of messages that a later part completes\n",
                        grouped(a.continued_messages));
  if (a.duplicates > 0 && a.written == 0)
    text += fmt::format(
        "  all{} were seen before, so that none is written; to convert a day again, begin a new "
        "state\n",
        a.duplicates == a.messages_in ? "" : " others");
  if (a.seconds > 0) {  // not so if an earlier run did it all
    auto const bytes = static_cast<double>(a.bytes_in - report.earlier.bytes_in);
    auto const messages = static_cast<double>(a.messages_in - report.earlier.messages_in);
    text += fmt::format("{}, {}/s, {} messages/s{}\n", seconds_text(a.seconds),
                        bytes_text(bytes / a.seconds),
                        grouped(static_cast<std::uint64_t>(messages / a.seconds)),
                        report.earlier.bytes_in > 0 ? " in this run" : "");
  }
  if (with_stages)
    for (StageMetrics const& stage : report.stages)
      text += fmt::format("  {:<20}{:>10} batches {:>10.3f} s\n", stage.name, stage.batches,
                          static_cast<double>(stage.nanoseconds) * 1e-9);
  return text;
}

bool is_not_hl7(const Account& account) noexcept {
  return account.messages_in == 0 && account.bytes_skipped > 0;
}

std::string account_json(const RunReport& report) {
  Account const& a = report.account;
  JsonObject stages;
  for (StageMetrics const& stage : report.stages)
    stages.add(stage.name, static_cast<double>(stage.nanoseconds) * 1e-9);
  return JsonObject()
      .add("messages_in", a.messages_in)
      .add("written", a.written)
      .add("duplicates", a.duplicates)
      .add("rejected", a.rejected)
      .add("filtered", a.filtered)
      .add("bytes_in", a.bytes_in)
      .add("bytes_messages", a.bytes_messages)
      .add("bytes_framing", a.bytes_framing)
      .add("bytes_skipped", a.bytes_skipped)
      .add_json("rows", counts_json(a.rows))
      .add_json("rejects", counts_json(a.rejects))
      .add_json("types", counts_json(a.types))
      .add_json("versions", counts_json(a.versions))
      .add_json("codes", codes_json(a.codes))
      .add_json("repeats", counts_json(a.repeats))
      .add_json("persons", counts_json(a.persons))
      .add("joined_lines", a.joined_lines)
      .add("untyped_values", a.untyped_values)
      .add("unknown_escapes", a.unknown_escapes)
      .add("skipped_ranges", a.skipped_ranges)
      .add("batch_count_mismatches", a.batch_count_mismatches)
      .add("continued_messages", a.continued_messages)
      .add_json("stages", stages.text())
      .add("seconds", a.seconds)
      .text();
}

}  // namespace hl7flow::cli
