#include <hl7flow/adapters/cli/profile_report.h>

#include <fmt/format.h>

#include <algorithm>

#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/parsers/schema/schema.h>
#include <hl7flow/pipeline/json.h>

namespace hl7flow::cli {
namespace {

constexpr std::size_t values_shown = 5;
constexpr std::size_t value_size_max = 60;  // bytes

std::string id_text(std::uint32_t packed) {
  return {static_cast<char>(packed & 0xff), static_cast<char>(packed >> 8 & 0xff),
          static_cast<char>(packed >> 16 & 0xff)};
}

/// The version that most messages declare: names come from it.
schema::Version usual_version(const Account& account) {
  std::uint64_t most = 0;
  std::string_view text;
  for (auto const& [version, count] : account.versions) {
    if (count <= most) continue;
    most = count;
    text = version;
  }
  return schema::version_from_text(text);
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0 || part == 0) return "0 %";
  double const share = 100 * static_cast<double>(part) / static_cast<double>(whole);
  // Almost all and almost none must not look like all and none.
  if (part < whole && share > 99.9) return ">99.9 %";
  if (share < 0.1) return "<0.1 %";
  return fmt::format("{:.{}f} %", share, part == whole ? 0 : 1);
}

template <class Counts>
std::string counts_text(const std::string& title, const Counts& counts) {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](auto const& a, auto const& b) { return a.second > b.second; });
  constexpr std::size_t most = 20;
  std::string text = title + "\n";
  for (std::size_t k = 0; k < std::min(sorted.size(), most); ++k)
    text += fmt::format("  {:>13}  {}\n", grouped(sorted[k].second),
                        sorted[k].first.empty() ? "(empty)" : sorted[k].first);
  if (sorted.size() > most) text += fmt::format("  {:>13}  more\n", sorted.size() - most);
  return text + "\n";
}

template <class Counts>
std::string counts_json(const Counts& counts) {
  JsonObject json;
  for (auto const& [key, count] : counts) json.add(key, count);
  return json.text();
}

/// Control characters must not reach a terminal; a long value is cut.
std::string printable(std::string_view value) {
  std::string text(value.substr(0, value_size_max));
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  return value.size() > value_size_max ? text + "…" : text;
}

std::string values_text(const ValueCounts& values) {
  std::string text;
  for (auto const& [value, count] : values.top(values_shown))
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", printable(value), grouped(count));
  return text;
}

std::string senders_json(const ValueCounts& senders) {
  JsonObject json;
  for (auto const& [sender, count] : senders.top(senders.max())) json.add(sender, count);
  return json.text();
}

std::string field_line(const std::string& path, const schema::FieldDef* def,
                       const FieldProfile& field, std::uint64_t segments, bool values) {
  std::string lengths = grouped(field.length_min);
  if (field.length_max != field.length_min) lengths += "-" + grouped(field.length_max);
  std::string notes;
  if (field.repeated > 0)
    notes += fmt::format("  repeats up to {} times in {}", grouped(field.repetitions_max),
                         percent(field.repeated, field.filled));
  if (field.deletes > 0) notes += fmt::format("  {} deletes", grouped(field.deletes));
  if (values && field.values.complete()) notes += "  " + values_text(field.values);
  std::string name(def == nullptr ? std::string_view{} : def->name());
  if (name.size() > 28) name = name.substr(0, 27) + "…";
  return fmt::format(
      "  {:<9}{:<28} {:>8} {:>12} {:>11}{}\n", path, name, percent(field.filled, segments),
      (field.distinct.exact() ? "" : "~") + grouped(field.distinct.count()), lengths, notes);
}

std::string field_json(const std::string& path, const schema::FieldDef* def,
                       const FieldProfile& field, std::uint64_t segments, bool values) {
  JsonObject json;
  json.add("path", path);
  if (def != nullptr) json.add("name", def->name()).add("type", def->type());
  json.add("filled", field.filled)
      .add("fill_rate", static_cast<double>(field.filled) / static_cast<double>(segments))
      .add("distinct", field.distinct.count())
      .add("distinct_is_exact", field.distinct.exact())
      .add("length_min", field.length_min)
      .add("length_max", field.length_max)
      .add("length_mean", static_cast<double>(field.length_sum) / static_cast<double>(field.filled))
      .add("repeated", field.repeated)
      .add("repetitions_max", field.repetitions_max)
      .add("deletes", field.deletes);
  if (values && field.values.complete()) {
    std::string list;
    for (auto const& [value, count] : field.values.top(values_shown))
      list +=
          (list.empty() ? "" : ", ") + JsonObject().add("value", value).add("count", count).text();
    json.add_json("values", "[" + list + "]");
  }
  return json.text();
}

}  // namespace

std::string profile_text(const Profile& profile, const Account& account,
                         const ProfileOptions& options) {
  schema::Version const version = usual_version(account);
  std::string text =
      fmt::format("{} messages, {} rejected, {}\n\n", grouped(account.messages_in),
                  grouped(account.rejected), bytes_text(static_cast<double>(account.bytes_in)));
  text += counts_text("types", account.types);
  text += counts_text("versions", account.versions);
  if (profile.senders.complete())
    text += counts_text("sending applications", profile.senders.top(profile.senders.max()));
  else
    text += fmt::format("sending applications\n  more than {} different\n\n",
                        grouped(profile.senders.max()));
  if (!account.rejects.empty()) text += counts_text("rejects", account.rejects);
  for (auto const& [id, segment] : profile.segments) {
    auto const* const def = schema::find_segment_nearest(version, id);
    std::string const name = id_text(id);
    text += fmt::format("{}  {}\n  {} in {} of messages, at most {} in one\n", name,
                        def == nullptr ? std::string_view{} : def->name(), grouped(segment.count),
                        percent(segment.messages, account.messages_in - account.rejected),
                        grouped(segment.per_message_max));
    text += fmt::format("  {:<37} {:>8} {:>12} {:>11}\n", "", "filled", "different", "length");
    for (std::size_t k = 0; k < segment.fields.size(); ++k)
      if (segment.fields[k].filled > 0)
        text += field_line(name + "-" + std::to_string(k + 1),
                           def == nullptr ? nullptr : def->field(k + 1), segment.fields[k],
                           segment.count, options.values);
    text += "\n";
  }
  if (profile.beyond_limits > 0)
    text += fmt::format("{} fields or segments were not looked at: there are too many kinds\n",
                        grouped(profile.beyond_limits));
  return text;
}

std::string profile_json(const Profile& profile, const Account& account,
                         const ProfileOptions& options) {
  schema::Version const version = usual_version(account);
  std::string segments;
  for (auto const& [id, segment] : profile.segments) {
    auto const* const def = schema::find_segment_nearest(version, id);
    std::string const name = id_text(id);
    std::string fields;
    for (std::size_t k = 0; k < segment.fields.size(); ++k) {
      if (segment.fields[k].filled == 0) continue;
      if (!fields.empty()) fields += ", ";
      fields += field_json(name + "-" + std::to_string(k + 1),
                           def == nullptr ? nullptr : def->field(k + 1), segment.fields[k],
                           segment.count, options.values);
    }
    JsonObject json;
    json.add("segment", name);
    if (def != nullptr) json.add("name", def->name());
    json.add("count", segment.count)
        .add("messages", segment.messages)
        .add("per_message_max", segment.per_message_max)
        .add_json("fields", "[" + fields + "]");
    segments += (segments.empty() ? "" : ", ") + json.text();
  }
  return JsonObject()
             .add("messages", account.messages_in)
             .add("rejected", account.rejected)
             .add("bytes", account.bytes_in)
             .add_json("types", counts_json(account.types))
             .add_json("versions", counts_json(account.versions))
             .add_json("senders", senders_json(profile.senders))
             .add("senders_complete", profile.senders.complete())
             .add_json("rejects", counts_json(account.rejects))
             .add("beyond_limits", profile.beyond_limits)
             .add_json("segments", "[" + segments + "]")
             .text() +
         "\n";
}

}  // namespace hl7flow::cli
