#include <hl7flow/pipeline/manifest.h>

#include <fcntl.h>
#include <simdjson.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <hl7flow/pipeline/json.h>
#include <hl7flow/pipeline/part_file.h>

namespace hl7flow {
namespace {

constexpr std::string_view file_name = "_manifest.json";
constexpr std::uint64_t format = 1;

/// The counters of an account that the manifest keeps, by name.
struct Counter {
  std::string_view name;
  std::uint64_t Account::*member;
};
constexpr Counter counters[] = {
    {"messages_in", &Account::messages_in},
    {"written", &Account::written},
    {"duplicates", &Account::duplicates},
    {"rejected", &Account::rejected},
    {"filtered", &Account::filtered},
    {"bytes_in", &Account::bytes_in},
    {"bytes_messages", &Account::bytes_messages},
    {"bytes_framing", &Account::bytes_framing},
    {"bytes_skipped", &Account::bytes_skipped},
    {"joined_lines", &Account::joined_lines},
    {"untyped_values", &Account::untyped_values},
    {"unknown_escapes", &Account::unknown_escapes},
    {"skipped_ranges", &Account::skipped_ranges},
    {"batch_count_mismatches", &Account::batch_count_mismatches},
    {"continued_messages", &Account::continued_messages},
};
struct Group {
  std::string_view name;
  std::map<std::string, std::uint64_t> Account::*member;
};
constexpr Group groups[] = {{"rows", &Account::rows},      {"rejects", &Account::rejects},
                            {"types", &Account::types},    {"versions", &Account::versions},
                            {"codes", &Account::codes},    {"repeats", &Account::repeats},
                            {"persons", &Account::persons}};

std::string account_json(const Account& account) {
  JsonObject json;
  for (Counter const& counter : counters) json.add(counter.name, account.*counter.member);
  for (Group const& group : groups) {
    JsonObject values;
    for (auto const& [key, count] : account.*group.member) values.add(key, count);
    json.add_json(group.name, values.text());
  }
  EnvelopeState const open = account.envelope();
  json.add("open_batch_messages_before", open.batch_began_at);
  json.add("open_file_batches", open.batches_in_file);
  return json.text();
}

/// Throws simdjson_error: caught by read().
Account read_account(simdjson::dom::object json) {
  Account account;
  for (Counter const& counter : counters)
    account.*counter.member = std::uint64_t(json[counter.name]);
  for (Group const& group : groups)
    for (auto const field : simdjson::dom::object(json[group.name]))
      (account.*group.member)[std::string(field.key)] = std::uint64_t(field.value);
  account.set_envelope({std::uint64_t(json["open_batch_messages_before"]),
                        std::uint64_t(json["open_file_batches"])});
  return account;
}

int write_synced(const std::string& path, std::string_view text) {
  int const descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) return errno;
  int error = 0;
  while (!text.empty() && error == 0) {
    ssize_t const count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno != EINTR) error = errno;
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
  if (error == 0 && ::fsync(descriptor) != 0) error = errno;
  ::close(descriptor);
  return error;
}

}  // namespace

Result<Manifest, Failure> Manifest::read(const std::string& folder) {
  std::string const path = folder + "/" + std::string(file_name);
  if (!holds_manifest(folder)) return fail(ErrorCode::not_found, "there is no manifest: " + path);
  try {
    simdjson::dom::parser parser;
    simdjson::dom::object const json = parser.load(path);
    if (std::uint64_t(json["format"]) != format)
      return fail(ErrorCode::bad_config, "the manifest has another format: " + path);
    Manifest manifest;
    manifest.settings = std::string_view(json["settings"]);
    manifest.complete = bool(json["complete"]);
    manifest.commits = std::uint64_t(json["commits"]);
    manifest.end.input = static_cast<std::uint32_t>(std::uint64_t(json["end"]["input"]));
    manifest.end.offset = std::uint64_t(json["end"]["offset"]);
    for (simdjson::dom::object const input : simdjson::dom::array(json["inputs"]))
      manifest.inputs.push_back(
          {std::string(std::string_view(input["path"])), std::uint64_t(input["size"])});
    for (simdjson::dom::object const file : simdjson::dom::array(json["files"]))
      manifest.files.push_back({std::string(std::string_view(file["path"])),
                                std::string(std::string_view(file["table"])),
                                std::uint64_t(file["rows"]), std::uint64_t(file["bytes"])});
    for (std::string_view const mark : simdjson::dom::array(json["states"]))
      manifest.states.emplace_back(mark);
    for (std::string_view const mark : simdjson::dom::array(json["states_before"]))
      manifest.states_before.emplace_back(mark);
    manifest.account = read_account(json["account"]);
    return manifest;
  } catch (const simdjson::simdjson_error& error) {
    return fail(ErrorCode::bad_config, "the manifest is damaged: " + path + ": " + error.what());
  }
}

void Manifest::remove(const std::string& folder) noexcept {
  std::error_code error;
  std::filesystem::remove(folder + "/" + std::string(file_name), error);
}

Status Manifest::write(const std::string& folder) const {
  std::string input_list, file_list;
  for (InputFile const& input : inputs)
    input_list += (input_list.empty() ? "\n    " : ",\n    ") +
                  JsonObject().add("path", input.path).add("size", input.size).text();
  for (OutputFile const& file : files)
    file_list += (file_list.empty() ? "\n    " : ",\n    ") + JsonObject()
                                                                  .add("path", file.path)
                                                                  .add("table", file.table)
                                                                  .add("rows", file.rows)
                                                                  .add("bytes", file.bytes)
                                                                  .text();
  auto const mark_list = [](const std::vector<std::string>& marks) {
    std::string list;
    for (std::string const& mark : marks) {
      list += list.empty() ? "" : ", ";
      append_json_string(list, mark);
    }
    return "[" + list + "]";
  };
  std::string text = "{\n  \"format\": " + std::to_string(format) + ",\n  \"settings\": ";
  append_json_string(text, settings);
  text += ",\n  \"complete\": " + std::string(complete ? "true" : "false") +
          ",\n  \"commits\": " + std::to_string(commits) + ",\n  \"end\": " +
          JsonObject().add("input", std::uint64_t{end.input}).add("offset", end.offset).text() +
          ",\n  \"inputs\": [" + input_list + "],\n  \"files\": [" + file_list +
          "],\n  \"states_before\": " + mark_list(states_before) +
          ",\n  \"states\": " + mark_list(states) + ",\n  \"account\": " + account_json(account) +
          "\n}\n";
  std::string const path = folder + "/" + std::string(file_name);
  std::string const hidden = folder + "/" + hidden_name(file_name);
  int error = write_synced(hidden, text);
  if (error == 0 && ::rename(hidden.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) error = sync_folder(folder);
  if (error != 0) return fail(ErrorCode::io, "cannot write " + path + ": " + std::strerror(error));
  return {};
}

Status remove_orphans(const std::string& folder, const Manifest& manifest) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<fs::path> orphans;
  for (auto entry = fs::recursive_directory_iterator(folder, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    bool const folder_part = entry->is_directory();
    if (!folder_part && !entry->is_regular_file()) continue;
    std::string const name = entry->path().filename().string();
    bool const hidden = name.starts_with('.') && name.ends_with(".part");
    bool const part = name.starts_with("part-");
    std::string const relative = fs::relative(entry->path(), folder).string();
    bool const named = std::any_of(manifest.files.begin(), manifest.files.end(),
                                   [&](OutputFile const& file) { return file.path == relative; });
    if (!hidden && (!part || named)) continue;
    orphans.push_back(entry->path());
    if (folder_part) entry.disable_recursion_pending();
  }
  for (fs::path const& orphan : orphans)
    if (fs::remove_all(orphan, error); error)
      return fail(ErrorCode::io, "cannot remove " + orphan.string() + ": " + error.message());
  for (fs::path const& orphan : orphans)  // folders of tables that are empty now
    if (orphan.parent_path() != fs::path(folder)) fs::remove(orphan.parent_path(), error);
  return {};
}

bool holds_manifest(const std::string& folder) {
  std::error_code error;
  return std::filesystem::exists(folder + "/" + std::string(file_name), error);
}

bool has_content(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::string const unfinished = hidden_name(file_name);
  for (auto entry = fs::directory_iterator(folder, error);
       !error && entry != fs::directory_iterator(); entry.increment(error))
    if (entry->path().filename() != unfinished) return true;
  return false;
}

}  // namespace hl7flow
