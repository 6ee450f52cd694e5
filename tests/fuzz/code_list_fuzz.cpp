#include <hl7flow/adapters/codes/cpt.h>
#include <hl7flow/adapters/codes/gems.h>
#include <hl7flow/adapters/codes/hcpcs.h>
#include <hl7flow/adapters/codes/icd10.h>
#include <hl7flow/adapters/codes/icd9.h>
#include <hl7flow/adapters/codes/livd.h>
#include <hl7flow/adapters/codes/loinc.h>
#include <hl7flow/adapters/codes/site_csv.h>
#include <hl7flow/parsers/codes/code_store.h>

#include "tests/fuzz/fuzz.h"

// Any bytes as each file of a code release. Either the file is refused, with its name, or every row
// is accounted for and what was read makes a store whose parents lead up to an end.
namespace hl7flow {
namespace {

using adapters::ReadText;
using adapters::ReleaseText;
using fuzz::require;

constexpr std::string_view place = "release/file_2024.txt";

Status read_order(codes::StoreBuilder& builder, ReleaseText& file, std::string_view system) {
  adapters::OrderFiles files;
  files.system = system;
  files.family = codes::family_of(system);
  // The same file as two years of it: no code begins or ends.
  auto const first = adapters::read_icd10_order(builder, file, files, 20221001);
  if (!first) return first;
  file.report = {};
  auto const second = adapters::read_icd10_order(builder, file, files, 20231001);
  if (second) adapters::retire_missing(builder, files);
  return second;
}

Status read_tabular(codes::StoreBuilder& builder, ReleaseText& file) {
  codes::SystemFacts facts;
  facts.name = "ICD-10-CM";
  codes::SystemId const system = builder.system(facts);
  for (std::string_view const code : {"A00", "A00.0", "B20", "C4A"}) builder.mention(system, code);
  return adapters::read_icd10cm_tabular(builder, file);
}

ReadText reader(std::size_t which) {
  using Builder = codes::StoreBuilder;
  switch (which) {
    case 0:
      return adapters::read_loinc_terms;
    case 1:
      return adapters::read_loinc_successors;
    case 2:
      return [](Builder& builder, ReleaseText& file) {
        return read_order(builder, file, "ICD-10-CM");
      };
    case 3:
      return [](Builder& builder, ReleaseText& file) {
        return read_order(builder, file, "ICD-10-PCS");
      };
    case 4:
      return read_tabular;
    case 5:
    case 6:
      return [which](Builder& builder, ReleaseText& file) {
        return adapters::read_icd9_titles(builder, file, {which == 5, which == 6}, "32");
      };
    case 7:
      return [](Builder& builder, ReleaseText& file) {
        return adapters::read_gem(builder, file, {"ICD-9-CM", "ICD-10-CM", "GEM 9 to 10"}, "2018");
      };
    case 8:
      return adapters::read_hcpcs;
    case 9:
      return [](Builder& builder, ReleaseText& file) {
        return adapters::read_cpt(builder, file, true);
      };
    case 10:
      return adapters::read_livd;
    default:
      return adapters::read_site_csv;
  }
}

void require_ends(const codes::CodeStore& store) {
  for (codes::ConceptRecord const& one : store.concepts()) {
    std::size_t steps = 0;
    for (auto up = one.parent; up < store.concepts().size(); up = store.concepts()[up].parent)
      require(++steps <= store.concepts().size(), "parents make no circle");
  }
}

void read_one(std::string_view text, std::size_t which, adapters::Encoding encoding) {
  codes::StoreBuilder builder;
  ReleaseText file;
  file.text = text;
  file.name = "file_2024.txt";
  file.place = place;
  auto const read = adapters::read_release_text(builder, file, encoding, reader(which));
  if (!read) {
    require(read.error().code == ErrorCode::bad_store, "a file is refused as a bad one");
    require(read.error().text.starts_with(place), "a refusal names the file");
    return;
  }
  require(builder.reports().size() == 1, "a file that is read is reported");
  codes::LoadReport const& report = builder.reports()[0];
  require(report.rows_loaded > 0, "a file without a good row is refused");
  require(report.rows_read == report.rows_loaded + report.rows_skipped + report.rows_bad,
          "every row is accounted for");
  auto const bytes = builder.build("fuzz", "1");
  require(bytes.has_value(), "what was read makes a store");
  auto const store = codes::CodeStore::view(*bytes);
  require(store.has_value(), "a store that was made is one");
  require_ends(*store);
}

}  // namespace
}  // namespace hl7flow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hl7flow;
  fuzz::Input input(data, size);
  std::size_t const which = input.choose(12);
  auto const encoding =
      input.choose(2) == 0 ? adapters::Encoding::utf8 : adapters::Encoding::utf8_or_windows_1252;
  read_one(input.rest(), which, encoding);
  return 0;
}
