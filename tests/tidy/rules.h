#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The rules of docs/architecture.md that a compiler does not see: who may include whom, and where a
// third-party library may be named. Each rule takes a path from the root and a text, so that the
// rules are tested on made-up files before they judge the tree.
namespace hl7flow::tidy {

using Complaints = std::vector<std::string>;

/// A room, and what of ours it may include. The longest folder that holds a file is its room.
struct Room {
  std::string_view folder;
  std::vector<std::string_view> may_include;
};

inline const std::vector<Room> rooms = {
    {"parsers/", {"parsers/"}},
    {"parsers/simd/", {"parsers/simd/"}},
    {"pipeline/", {"parsers/", "pipeline/"}},
    {"stages/", {"parsers/", "pipeline/", "stages/"}},
    // adapters/<system>/ adds its own folder: see may_include().
    {"adapters/", {"parsers/", "pipeline/"}},
    // What `generate`, `codes`, `match` and `persons` call: no rows flow, so there is no component
    // to find by name.
    {"adapters/cli/",
     {"parsers/", "pipeline/", "adapters/cli/", "adapters/synthetic/generator.h",
      "adapters/codes/releases.h", "adapters/parquet/parquet_rows.h",
      "stages/identify/known_persons.h"}},
};

/// A header that is not of C++ itself (its spelling begins so), and the files that may name it.
struct Library {
  std::string_view header;
  std::vector<std::string_view> may_be_named_in;
};

inline const std::vector<Library> libraries = {
    {"tl/expected.hpp", {"parsers/error.h"}},
    {"iconv.h", {"parsers/charset", "adapters/file/"}},
    {"immintrin.h", {"parsers/simd/"}},
    {"smmintrin.h", {"parsers/simd/"}},
    {"simdjson.h", {"parsers/", "pipeline/manifest.cpp", "adapters/codes/", "adapters/cli/match/"}},
    {"pugixml.hpp", {"adapters/codes/"}},
    {"oneapi/tbb/", {"pipeline/graph.cpp"}},
    {"rocksdb/", {"pipeline/state_store.cpp"}},
    {"boost/lockfree/", {"pipeline/queue.h"}},
    {"boost/unordered/", {"parsers/codes/store_builder.cpp", "bench/"}},
    {"sanitizer/", {"pipeline/happens_before.h"}},
    {"yaml-cpp/", {"pipeline/config"}},
    {"toml++/", {"pipeline/config"}},
    {"mimalloc", {"pipeline/", "adapters/cli/"}},
    // Hashes: a message's and a record's identity, and the counting of distinct values in a
    // profile.
    {"xxhash.h",
     {"parsers/codes/", "parsers/dedup/", "parsers/linkage/", "parsers/ucum/", "stages/map_codes/",
      "pipeline/message_id.cpp", "pipeline/block_files.cpp", "adapters/cli/profile.cpp"}},
    {"archive", {"adapters/codes/", "adapters/file/"}},
    {"arrow/", {"adapters/parquet/"}},
    {"parquet/", {"adapters/parquet/"}},
    {"CLI/", {"adapters/cli/"}},
    {"fmt/", {"adapters/cli/"}},
    // The operating system: parsers do no I/O, and stages leave it to adapters.
    {"unistd.h", {"pipeline/", "adapters/"}},
    // Large pages for a table are memory, not input or output.
    {"sys/mman.h", {"parsers/huge_pages.cpp", "pipeline/", "adapters/"}},
    {"fcntl.h", {"pipeline/", "adapters/"}},
    {"glob.h", {"adapters/file/"}},
    {"poll.h", {"adapters/"}},
    {"sys/", {"pipeline/", "adapters/"}},
};

/// Of C++ itself, but not for everyone: parsers know no threads, files or clocks, and only the
/// program speaks to a terminal.
struct Forbidden {
  std::string_view header, folder;
  std::string_view except = "-";
};

inline const std::vector<Forbidden> forbidden = {
    {"thread", "parsers/"},
    {"mutex", "parsers/"},
    {"condition_variable", "parsers/"},
    {"future", "parsers/"},
    {"fstream", "parsers/"},
    {"filesystem", "parsers/"},
    {"chrono", "parsers/"},
    {"iostream", "parsers/"},
    {"iostream", "pipeline/"},
    {"iostream", "stages/"},
    {"iostream", "adapters/", "adapters/cli/"},
};

inline bool begins_with_any(std::string_view text, std::span<const std::string_view> beginnings) {
  return std::ranges::any_of(beginnings, [&](auto one) { return text.starts_with(one); });
}

inline const Room* room_of(std::string_view path) {
  const Room* best = nullptr;
  for (const Room& room : rooms)
    if (path.starts_with(room.folder) && (!best || room.folder.size() > best->folder.size()))
      best = &room;
  return best;
}

/// Whether `path` may include `<hl7flow/target>`.
inline bool may_include(const Room& room, std::string_view path, std::string_view target) {
  if (begins_with_any(target, room.may_include)) return true;
  // One adapter is a folder: it sees itself, and no other.
  if (room.folder != "adapters/") return false;
  auto const end = path.find('/', room.folder.size());
  return end != path.npos && target.starts_with(path.substr(0, end + 1));
}

/// Why `path` may not include `name`, or nothing. `quoted` is the form with quotation marks.
inline std::string judge_include(std::string_view path, std::string_view name, bool quoted) {
  constexpr std::string_view ours = "hl7flow/";
  const Room* const room = room_of(path);
  if (!room) return {};  // tests, bench and perf see everything; nothing sees them
  if (quoted) return "is written with quotation marks; one spelling: <hl7flow/ROOM/FILE.h>";
  if (name.starts_with(ours)) {
    if (may_include(*room, path, name.substr(ours.size()))) return {};
    return "turns an arrow of docs/architecture.md";
  }
  for (const Library& library : libraries)
    if (name.starts_with(library.header)) {
      if (begins_with_any(path, library.may_be_named_in)) return {};
      return "names a library that has its place elsewhere (tests/tidy/rules.h)";
    }
  if (name.find_first_of("./") != name.npos)
    return "names a library that has no place yet (tests/tidy/rules.h)";
  for (const Forbidden& rule : forbidden)
    if (name == rule.header && path.starts_with(rule.folder) && !path.starts_with(rule.except))
      return "is not for this room (tests/tidy/rules.h)";
  return {};
}

/// Visits each line of a text with its number, from 1.
template <class Visit>
void for_each_line(std::string_view text, Visit&& visit) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto const end = text.find('\n');
    visit(number, text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
}

inline std::string place(std::string_view path, std::size_t line) {
  return std::string(path) + ":" + std::to_string(line) + ": ";
}

inline Complaints check_includes(std::string_view path, std::string_view text) {
  Complaints complaints;
  for_each_line(text, [&](std::size_t number, std::string_view line) {
    auto const skip = [&](std::string_view blank) {
      line.remove_prefix(std::min(line.find_first_not_of(blank), line.size()));
    };
    skip(" \t");
    if (!line.starts_with('#')) return;
    line.remove_prefix(1);
    skip(" \t");
    if (!line.starts_with("include")) return;
    auto const open = line.find_first_of("<\"");
    if (open == line.npos) return;
    auto const close = line.find_first_of(">\"", open + 1);
    if (close == line.npos) return;
    auto const name = line.substr(open + 1, close - open - 1);
    std::string const why = judge_include(path, name, line[open] == '"');
    if (!why.empty())
      complaints.push_back(place(path, number) + "#include of " + std::string(name) + " " + why);
  });
  return complaints;
}

/// Columns as a reader sees them: code points, not bytes.
inline std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(std::ranges::count_if(
      line, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

inline bool is_word(char byte) {
  return byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

/// Visits each run of letters, digits and underscores.
template <class Visit>
void for_each_word(std::string_view line, Visit&& visit) {
  for (std::size_t begin = 0; begin < line.size();) {
    auto end = begin;
    while (end < line.size() && is_word(line[end])) ++end;
    if (end > begin) visit(line.substr(begin, end - begin));
    begin = end + 1;
  }
}

inline constexpr std::size_t columns_max = 100;
inline constexpr std::size_t lines_max = 500;

/// Length of lines and of the file, tabs, blanks at the ends of lines.
inline Complaints check_layout(std::string_view path, std::string_view text) {
  Complaints complaints;
  std::size_t lines = 0;
  for_each_line(text, [&](std::size_t number, std::string_view line) {
    lines = number;
    if (columns(line) > columns_max)
      complaints.push_back(place(path, number) + "is " + std::to_string(columns(line)) +
                           " columns wide; " + std::to_string(columns_max) + " is the most");
    if (line.find('\t') != line.npos) complaints.push_back(place(path, number) + "has a tab");
    if (line.ends_with(' ') || line.ends_with('\r'))
      complaints.push_back(place(path, number) + "ends in blanks");
  });
  if (!text.empty() && !text.ends_with('\n'))
    complaints.push_back(place(path, lines) + "has no line end");
  if (lines > lines_max)
    complaints.push_back(std::string(path) + ": " + std::to_string(lines) + " lines; " +
                         std::to_string(lines_max) + " is the most: which two ideas are in it?");
  return complaints;
}

/// Marks of unfinished work, and names that say nothing of what a thing is for.
inline Complaints check_words(std::string_view path, std::string_view text) {
  constexpr std::string_view marks[] = {"TODO", "FIXME", "XXX"};
  constexpr std::string_view endings[] = {"Util",    "Utils",   "Helper",
                                          "Helpers", "Manager", "Common"};
  Complaints complaints;
  for_each_line(text, [&](std::size_t number, std::string_view line) {
    for_each_word(line, [&](std::string_view word) {
      if (std::ranges::find(marks, word) != std::end(marks))
        complaints.push_back(place(path, number) + std::string(word) +
                             ": finish it, or make it an issue");
      // Alone these are words of people ("Case Manager"); at the end of a name they are empty.
      for (std::string_view ending : endings)
        if (word.size() > ending.size() && word.ends_with(ending))
          complaints.push_back(place(path, number) + std::string(word) +
                               " says nothing of what it is for");
    });
  });
  return complaints;
}

/// The file's own name, without folders and ending.
inline Complaints check_file_name(std::string_view path) {
  auto name = path.substr(path.rfind('/') + 1);
  name = name.substr(0, name.find('.'));
  for (std::string_view banned :
       {"util", "utils", "helper", "helpers", "manager", "common", "misc"})
    if (name == banned || name.ends_with("_" + std::string(banned)) ||
        name.starts_with(std::string(banned) + "_"))
      return {std::string(path) + ": the name says nothing of what is inside"};
  return {};
}

}  // namespace hl7flow::tidy
