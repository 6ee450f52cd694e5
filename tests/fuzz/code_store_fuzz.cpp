#include <cstring>
#include <string>
#include <vector>

#include <hl7flow/parsers/codes/code_csv.h>
#include <hl7flow/parsers/codes/code_form.h>
#include <hl7flow/parsers/codes/code_resolver.h>
#include <hl7flow/parsers/codes/delimited.h>

#include "tests/fuzz/fuzz.h"

namespace hl7flow::codes {

namespace detail {
std::uint64_t store_checksum(std::span<const std::byte> bytes) noexcept;
}

namespace {

using fuzz::require;

/// Everything that reads a store, whatever its records say.
void read_all(const CodeStore& store) {
  Resolver const resolver(store, Several::first);
  std::vector<SystemId> wanted;
  for (std::size_t k = 0; k < store.systems().size() && k < 4; ++k)
    wanted.push_back(static_cast<SystemId>(k));
  for (std::uint32_t k = 0; k < store.concepts().size() && k < 64; ++k) {
    ConceptRecord const& subject = store.concepts()[k];
    std::string_view const system = store.system_name(subject.system);
    (void)store.display(k).size();
    (void)name(subject.status).size();
    for (TargetRecord const& target : store.targets_of(k)) (void)name(target.equivalence).size();
    for (NameRecord const& one : store.names_of(k)) (void)store.text(one.text).size();
    Answer const answer = resolver.resolve({store.code(k), system, 20260101}, wanted);
    (void)store.code(answer.target).size();
    (void)resolver.all({store.code(k), system, 0}, {}).size();
  }
  for (ValueSetRecord const& set : store.value_sets()) (void)store.members_of(set).size();
  for (MapRecord const& map : store.maps()) (void)store.text(map.name).size();
  for (LoadRecord const& load : store.loads()) (void)store.text(load.file).size();
}

/// A valid store, changed at places of the fuzzer's choice and sealed again.
void read_damaged(std::string_view patches) {
  static std::vector<std::byte> const good = [] {
    StoreBuilder builder;
    load_starter(builder);
    return builder.build("fuzz", "").value();
  }();
  std::vector<std::byte> bytes = good;
  while (patches.size() >= 4) {
    std::uint32_t place = 0;
    std::memcpy(&place, patches.data(), 3);
    bytes[place % bytes.size()] ^= static_cast<std::byte>(patches[3]);
    patches.remove_prefix(4);
  }
  std::uint64_t const checksum = detail::store_checksum(bytes);
  std::memcpy(bytes.data() + offsetof(StoreHeader, checksum), &checksum, sizeof checksum);
  if (auto const store = CodeStore::view(bytes)) read_all(*store);
}

void read_csv(std::string_view text) {
  StoreBuilder builder;
  load_known_systems(builder);
  auto const report = load_csv(builder, text, "fuzz.csv");
  if (!report) {
    require(report.error().code == ErrorCode::bad_store, "a bad file fails as a bad store");
    return;
  }
  require(report->rows_read == report->rows_loaded + report->rows_skipped + report->rows_bad,
          "every row is counted once");
  auto const bytes = builder.build("fuzz", "");
  require(bytes.has_value(), "what was loaded can be built");
  auto const store = CodeStore::view(*bytes);
  require(store.has_value(), "what was built can be read");
  for (std::uint32_t k = 0; k < store->concepts().size(); ++k)
    require(store->find(store->concepts()[k].system, store->code(k)) == k,
            "every code is found where it is");
  read_all(*store);
}

void read_forms(std::string_view text) {
  for (int k = 0; k <= static_cast<int>(Family::hcpcs); ++k) {
    auto const family = static_cast<Family>(k);
    CodeText once, twice;
    if (!normal_form(family, text, once)) continue;
    (void)check_form(family, once.view());
    require(normal_form(family, once.view(), twice) && once.view() == twice.view(),
            "a normal form is its own normal form");
  }
}

}  // namespace
}  // namespace hl7flow::codes

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view const rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      hl7flow::codes::read_damaged(rest);
      break;
    case 1:
      hl7flow::codes::read_csv(rest);
      break;
    default:
      hl7flow::codes::read_forms(rest);
  }
  return 0;
}
