#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <hl7flow/adapters/codes/loaders.h>
#include <hl7flow/parsers/codes/code_store.h>

#include "tests/fuzz/fuzz.h"

// Any bytes as the files of a release that is read as a whole: the first byte says which, and a
// line of "\x1c" begins the next file. Either the release is refused, or every row is accounted for
// and what was read makes a store.
namespace hl7flow {
namespace {

namespace fs = std::filesystem;
using fuzz::require;

struct Kind {
  Status (*load)(codes::StoreBuilder&, const adapters::Release&);
  std::initializer_list<const char*> files;
};

Kind kind(std::size_t which) {
  static const Kind kinds[] = {
      {adapters::load_rxnorm, {"RXNCONSO.RRF", "RXNSAT.RRF", "RXNREL.RRF", "RXNCUI.RRF"}},
      {adapters::load_ndc, {"package.txt", "product.txt"}},
      {adapters::load_cvx, {"cvx.txt"}},
      {adapters::load_mvx, {"mvx.txt"}},
      {adapters::load_snomed,
       {"sct2_Concept_Snapshot_INT_20240101.txt", "sct2_Description_Snapshot-en_INT_20240101.txt",
        "sct2_Relationship_Snapshot_INT_20240101.txt",
        "der2_iisssccRefset_ExtendedMapSnapshot_INT_20240101.txt",
        "der2_cRefset_AssociationSnapshot_INT_20240101.txt"}},
      {adapters::load_fhir, {"a.json", "b.ndjson"}},
      {adapters::load_omop, {"CONCEPT.csv", "CONCEPT_RELATIONSHIP.csv"}},
      {adapters::load_ucum, {"ucum-essence.xml"}},
      {adapters::load_gems, {"2018_I9gem.txt", "2018_I10gem.txt"}},
      {adapters::load_icd9, {"CMS32_DESC_LONG_DX.txt", "CMS32_DESC_LONG_SG.txt"}},
      {adapters::load_site_csv, {"map.csv"}},
  };
  return kinds[which % std::size(kinds)];
}

/// A folder of this process, gone at its end.
struct Folder {
  fs::path path = fs::path("/dev/shm") / ("hl7flow-release-fuzz-" + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

void read_release(std::size_t which, fuzz::Input input) {
  static const Folder folder;
  for (auto const& file : fs::directory_iterator(folder.path)) fs::remove(file);
  Kind const one = kind(which);
  for (auto const* name : one.files) {
    if (name != *one.files.begin() && input.rest().empty()) break;
    std::ofstream(folder.path / name, std::ios::binary) << input.line('\x1c');
  }
  auto const release = adapters::Release::open(folder.path);
  require(release.has_value(), "a folder of files is a release");
  codes::StoreBuilder builder;
  auto const loaded = one.load(builder, *release);
  if (!loaded) {
    require(loaded.error().code == ErrorCode::bad_store ||
                loaded.error().code == ErrorCode::not_found ||
                loaded.error().code == ErrorCode::archive,
            "a release is refused as a bad one");
    return;
  }
  for (codes::LoadReport const& report : builder.reports())
    require(report.rows_read == report.rows_loaded + report.rows_skipped + report.rows_bad,
            "every row is accounted for");
  auto const bytes = builder.build("fuzz", "1");
  require(bytes.has_value(), "what was read makes a store");
  auto const store = codes::CodeStore::view(*bytes);
  require(store.has_value(), "a store that was made is one");
  for (std::uint32_t k = 0; k < store->concepts().size(); ++k)
    require(store->find(store->concepts()[k].system, store->code(k)) == k,
            "every code is found where it is");
}

}  // namespace
}  // namespace hl7flow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hl7flow::fuzz::Input input(data, size);
  std::size_t const which = input.choose(256);
  hl7flow::read_release(which, input);
  return 0;
}
