// What the source `files` reads: folders, patterns, compressed files, archives, UTF-16, and what it
// says of inputs that cannot be read. The archives are made by libarchive's writing half.

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include <functional>

#include "tests/unit/sink_fixture.h"

namespace hl7flow {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

std::string message(int number) {
  return "MSH|^~\\&|A|B|||20240101||ADT^A01|" + std::to_string(number) +
         "|P|2.5\rPID|1||M\xc3\xbcller\r";
}

using Members = std::vector<std::pair<std::string, std::string>>;
using Choose = std::function<void(archive*)>;

std::string packed(const Choose& choose, const Members& members) {
  std::string bytes(1u << 20, '\0');
  std::size_t used = 0;
  archive* const out = ::archive_write_new();
  choose(out);
  ::archive_write_open_memory(out, bytes.data(), bytes.size(), &used);
  for (auto const& [name, content] : members) {
    archive_entry* const entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, name.c_str());
    ::archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    ::archive_entry_set_filetype(entry, name.ends_with('/') ? AE_IFDIR : AE_IFREG);
    ::archive_entry_set_perm(entry, 0644);
    EXPECT_EQ(::archive_write_header(out, entry), ARCHIVE_OK) << ::archive_error_string(out);
    ::archive_write_data(out, content.data(), content.size());
    ::archive_entry_free(entry);
  }
  ::archive_write_close(out);
  ::archive_write_free(out);
  return bytes.substr(0, used);
}

std::string gzip(const std::string& text) {
  return packed(
      [](archive* out) {
        ::archive_write_set_format_raw(out);
        ::archive_write_add_filter_gzip(out);
      },
      {{"data", text}});
}
std::string zstd(const std::string& text) {
  return packed(
      [](archive* out) {
        ::archive_write_set_format_raw(out);
        ::archive_write_add_filter_zstd(out);
      },
      {{"data", text}});
}
std::string zip(const Members& members) {
  return packed([](archive* out) { ::archive_write_set_format_zip(out); }, members);
}
std::string tar_gz(const Members& members) {
  return packed(
      [](archive* out) {
        ::archive_write_set_format_pax_restricted(out);
        ::archive_write_add_filter_gzip(out);
      },
      members);
}

/// "name@offset:text" of each batch, with one batch a stream.
struct Read {
  std::vector<std::string> names;
  std::string text;
  std::vector<std::uint32_t> streams;
  std::optional<Failure> failure;
};

class Files : public ::testing::Test {
 protected:
  void write(const std::string& path, std::string_view bytes) const {
    fs::create_directories(fs::path(at(path)).parent_path());
    std::ofstream(at(path), std::ios::binary) << bytes;
  }
  std::string at(const std::string& path) const { return folder_.path() + "/" + path; }

  Read read(const std::vector<std::string>& paths, test::SettingList more = {}) const {
    ConfigNode settings = test::settings(more);
    ConfigNode list;
    list.kind = ConfigNode::Kind::list;
    for (std::string const& path : paths) list.items.push_back(ConfigNode::text(at(path)));
    settings.entries.emplace_back("path", list);
    Read result;
    auto source = test::make<Source>("files", settings);
    if (!source) {
      result.failure = source.error();
      return result;
    }
    for (;;) {
      Batch batch;
      auto const more_batches = (*source)->read(batch);
      if (!more_batches) result.failure = more_batches.error();
      if (!more_batches || !*more_batches) return result;
      result.text += batch.text.view();
      result.names.push_back(
          fs::path(batch.input_name).lexically_relative(folder_.path()).string());
      result.streams.push_back(batch.position.input);
    }
  }

  TemporaryFolder const folder_;
};

using Names = std::vector<std::string>;

TEST_F(Files, AFolderIsAllFilesBelowItSorted) {
  write("day/b.hl7", message(2));
  write("day/a/z.hl7", message(1));
  write("day/c", message(3));
  write("day/.hidden", message(9));
  write("day/.git/x.hl7", message(9));
  write("day/warehouse/_manifest.json", "{}");
  write("day/warehouse/part-00000.er7", message(9));
  fs::create_directory_symlink(at("day"), at("day/loop"));
  Read const all = read({"day"});
  EXPECT_FALSE(all.failure);
  EXPECT_EQ(all.names, (Names{"day/a/z.hl7", "day/b.hl7", "day/c"}));
  EXPECT_EQ(all.text, message(1) + message(2) + message(3));
  EXPECT_EQ(all.streams, (std::vector<std::uint32_t>{0, 1, 2}));
}

TEST_F(Files, PatternsAreExpandedAndRealNamesComeFirst) {
  write("day/2.hl7", message(2));
  write("day/1.hl7", message(1));
  write("day/1.txt", "text");
  write("day/odd[1].hl7", message(3));
  EXPECT_EQ(read({"day/[0-9].hl7"}).text, message(1) + message(2));
  EXPECT_EQ(read({"day/odd[1].hl7"}).text, message(3));
}

TEST_F(Files, CompressedFilesAreToldByTheirBytes) {
  std::string const text = message(1) + message(2);
  for (std::string const& bytes :
       {gzip(text), zstd(text), gzip(zstd(text)), gzip(text) + gzip("")}) {
    write("day.hl7", bytes);
    Read const result = read({"day.hl7"});
    EXPECT_FALSE(result.failure) << result.failure->text;
    EXPECT_EQ(result.text, text);
    EXPECT_EQ(result.names, Names{"day.hl7"});
  }
  write("bzip.hl7", "BZhello\r" + text);  // begins like bzip2, and is none
  EXPECT_EQ(read({"bzip.hl7"}).text, "BZhello\r" + text);
}

TEST_F(Files, MembersOfArchivesAreStreamsOfTheirOwn) {
  Members const members = {
      {"in/", ""},
      {"in/a.hl7", message(1)},
      {"__MACOSX/in/._a.hl7", "junk"},
      {"in/.DS_Store", "junk"},
      {"in/b.hl7.gz", gzip(message(2))},
      {"in/c.zip", zip({{"c.hl7", message(3)}, {"empty", ""}, {"d", message(4)}})}};
  for (auto const& [name, bytes] :
       {std::pair{"day.zip", zip(members)}, {"day.tgz", tar_gz(members)}}) {
    write(name, bytes);
    write("last.hl7", message(5));
    Read const result = read({name, "last.hl7"});
    EXPECT_FALSE(result.failure) << result.failure->text;
    std::string const at = name;
    EXPECT_EQ(result.names, (Names{at + "/in/a.hl7", at + "/in/b.hl7.gz", at + "/in/c.zip/c.hl7",
                                   at + "/in/c.zip/d", "last.hl7"}));
    EXPECT_EQ(result.streams, (std::vector<std::uint32_t>{0, 1, 2, 4, 5}));
    EXPECT_EQ(result.text, message(1) + message(2) + message(3) + message(4) + message(5));
    // A run that goes on in the middle of a member, deep inside.
    std::string const offset = std::to_string(message(3).size() - 5);
    Read const rest = read({name, "last.hl7"}, {{"start_input", "2"}, {"start_offset", offset}});
    EXPECT_EQ(rest.text, message(3).substr(message(3).size() - 5) + message(4) + message(5));
    EXPECT_EQ(rest.streams, (std::vector<std::uint32_t>{2, 4, 5}));
  }
}

TEST_F(Files, ArchivesAreOpenedToALimitedDepth) {
  std::string bytes = message(1);
  for (int k = 0; k < 6; ++k) bytes = zip({{"x", bytes}});
  write("deep.zip", bytes);
  Read const result = read({"deep.zip"});
  EXPECT_FALSE(result.failure);
  EXPECT_TRUE(result.text.starts_with("PK"));
  EXPECT_EQ(result.names.front(), "deep.zip/x/x/x/x");
}

TEST_F(Files, WideCharactersBecomeUtf8) {
  std::string const text = message(1) + "NTE|1||\xf0\x9f\x98\x80\r";
  auto const wide = [&](bool big, bool four) {
    std::string out;
    for (std::size_t k = 0; k < text.size();) {
      auto const lead = static_cast<unsigned char>(text[k]);
      std::size_t const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      std::uint32_t point = size == 1 ? lead : lead & (0x7fu >> size);
      for (std::size_t n = 1; n < size; ++n)
        point = point << 6 | (static_cast<unsigned char>(text[k + n]) & 0x3f);
      k += size;
      std::vector<std::uint32_t> units{point};
      if (!four && point > 0xffff)
        units = {0xd800 + ((point - 0x10000) >> 10), 0xdc00 + (point & 0x3ff)};
      for (std::uint32_t const unit : units)
        for (int byte = 0; byte < (four ? 4 : 2); ++byte)
          out += static_cast<char>(unit >> 8 * (big ? (four ? 3 : 1) - byte : byte));
    }
    return out;
  };
  for (bool const big : {false, true})
    for (bool const four : {false, true}) {
      write("wide.hl7", wide(big, four));
      EXPECT_EQ(read({"wide.hl7"}).text, text) << big << four;
    }
  write("wide.hl7", "\xff\xfe" + wide(false, false));
  EXPECT_EQ(read({"wide.hl7"}).text, "\xef\xbb\xbf" + text);
  // Half a pair, and half a unit at the end.
  write("wide.hl7", wide(false, false) + std::string("\x00\xd8M\0", 4) + "N");
  EXPECT_EQ(read({"wide.hl7"}).text, text + "\xef\xbf\xbdM\xef\xbf\xbd");
}

TEST_F(Files, WhatCannotBeReadIsSaid) {
  auto const expect = [&](const std::vector<std::string>& paths, ErrorCode code,
                          std::string_view part) {
    Read const result = read(paths);
    ASSERT_TRUE(result.failure) << part;
    EXPECT_EQ(result.failure->code, code) << result.failure->text;
    EXPECT_NE(result.failure->text.find(part), std::string::npos) << result.failure->text;
  };
  fs::create_directories(at("empty/below"));
  write("a.hl7", message(1));
  expect({"none.hl7"}, ErrorCode::not_found, "no such file or folder");
  expect({"none/*.hl7"}, ErrorCode::not_found, "no file matches");
  expect({"empty"}, ErrorCode::not_found, "holds no files");
  expect({"a.hl7", "./a.hl7"}, ErrorCode::usage, "named twice");
  std::string large;
  for (int k = 0; k < 5000; ++k) large += message(k * 7919);
  std::string const whole = gzip(large);
  write("cut.gz", whole.substr(0, whole.size() / 2));
  expect({"cut.gz"}, ErrorCode::archive, "cut.gz");
  write("broken.gz", "\x1f\x8b\xff" + message(1));
  expect({"broken.gz"}, ErrorCode::archive, "and is none");
  std::string damaged = zip({{"a.hl7", large}});
  for (std::size_t k = damaged.size() / 3; k < damaged.size() / 2; ++k) damaged[k] = 'x';
  write("damaged.zip", damaged);
  expect({"damaged.zip"}, ErrorCode::archive, "damaged.zip");
  write("secret.zip", packed(
                          [](archive* out) {
                            ::archive_write_set_format_zip(out);
                            ::archive_write_set_options(out, "zip:encryption=traditional");
                            ::archive_write_set_passphrase(out, "x");
                          },
                          {{"a.hl7", message(1)}}));
  expect({"secret.zip"}, ErrorCode::archive, "a.hl7 is encrypted");
}

TEST_F(Files, APipeIsReadToItsEnd) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  std::thread writer([&] { write("pipe", gzip(message(1))); });
  Read const result = read({"pipe"});
  writer.join();
  EXPECT_FALSE(result.failure);
  EXPECT_EQ(result.text, message(1));
}

TEST_F(Files, InputsAndSizesAreKnown) {
  write("day/a.hl7", message(1));
  write("day/b.gz", gzip(message(2)));
  auto source = test::make<Source>("files", {{"path", at("day")}});
  ASSERT_TRUE(source);
  std::vector<InputFile> const expected = {{at("day/a.hl7"), fs::file_size(at("day/a.hl7"))},
                                           {at("day/b.gz"), fs::file_size(at("day/b.gz"))}};
  EXPECT_EQ((*source)->inputs(), expected);
  EXPECT_EQ((*source)->size_hint(), expected[0].size + expected[1].size);
  for (;;) {
    Batch batch;
    auto const more = (*source)->read(batch);
    ASSERT_TRUE(more);
    if (!*more) break;
  }
  EXPECT_EQ((*source)->consumed(), (*source)->size_hint());
}

}  // namespace
}  // namespace hl7flow
