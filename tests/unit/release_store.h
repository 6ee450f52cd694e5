#pragma once

#include <gtest/gtest.h>

#include <fstream>

#include <hl7flow/adapters/codes/loaders.h>
#include <hl7flow/parsers/codes/code_resolver.h>

#include "tests/unit/sink_fixture.h"

namespace hl7flow::test {

/// Releases as a person has them on disk, and the store that is made of them.
class ReleaseStoreTest : public ::testing::Test {
 protected:
  using Load = Status (*)(codes::StoreBuilder&, const adapters::Release&);

  void write(const std::string& name, std::string_view text) {
    auto const path = std::filesystem::path(folder.path()) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  Status try_load(Load load_it, const std::string& name = {}) {
    auto release = adapters::Release::open(std::filesystem::path(folder.path()) / name);
    if (!release) return tl::unexpected<Failure>(release.error());
    return load_it(builder, *release);
  }
  void load(Load load_it, const std::string& name = {}) {
    auto const done = try_load(load_it, name);
    ASSERT_TRUE(done) << done.error().text;
  }
  /// What a load fails with: "bad_store: /tmp/…/Loinc.csv is no text in UTF-8".
  std::string refusal(Load load_it, const std::string& name = {}) {
    codes::StoreBuilder fresh;
    std::swap(fresh, builder);
    auto const done = try_load(load_it, name);
    std::swap(fresh, builder);
    return done ? "loaded"
                : std::string(hl7flow::name(done.error().code)) + ": " + done.error().text;
  }
  void build() {
    auto built = builder.build("test", "1");
    ASSERT_TRUE(built) << built.error().text;
    bytes = std::move(*built);
    auto viewed = codes::CodeStore::view(bytes);
    ASSERT_TRUE(viewed) << viewed.error().text;
    store = *viewed;
  }

  std::uint32_t number(std::string_view system, std::string_view code) const {
    return store.find(store.find_system(system), code);
  }
  codes::ConceptRecord concept_of(std::string_view system, std::string_view code) const {
    std::uint32_t const found = number(system, code);
    EXPECT_NE(found, codes::no_concept) << system << ' ' << code;
    return found == codes::no_concept ? codes::ConceptRecord{} : store.concepts()[found];
  }
  std::string display(std::string_view system, std::string_view code) const {
    return std::string(store.display(number(system, code)));
  }
  std::string parent(std::string_view system, std::string_view code) const {
    return std::string(store.code(concept_of(system, code).parent));
  }
  std::vector<std::string> names(std::string_view system, std::string_view code,
                                 codes::NameKind kind) const {
    std::vector<std::string> out;
    for (codes::NameRecord const& record : store.names_of(number(system, code)))
      if (record.kind == kind) out.emplace_back(store.text(record.text));
    return out;
  }
  /// Targets as "code/equivalence/alternative/group", "-" for none.
  std::vector<std::string> targets(std::string_view system, std::string_view code) const {
    std::vector<std::string> out;
    for (codes::TargetRecord const& target : store.targets_of(number(system, code)))
      out.push_back(
          (target.target == codes::no_concept ? "-" : std::string(store.code(target.target))) +
          '/' + std::string(codes::name(target.equivalence)) + '/' +
          std::to_string(target.alternative) + '/' + std::to_string(target.group));
    return out;
  }
  codes::Answer ask(std::string_view code, std::string_view system, std::string_view wanted,
                    std::uint32_t as_of = 0) const {
    codes::SystemId const id = store.find_system(wanted);
    return codes::Resolver(store).resolve({code, system, as_of}, std::span(&id, 1));
  }
  /// "read/loaded/skipped/bad" of the report of that number.
  std::string rows(std::size_t report) const {
    auto const& reports = builder.reports();
    if (report >= reports.size()) return "no report";
    auto const& one = reports[report];
    EXPECT_EQ(one.rows_read, one.rows_loaded + one.rows_skipped + one.rows_bad);
    return std::to_string(one.rows_read) + '/' + std::to_string(one.rows_loaded) + '/' +
           std::to_string(one.rows_skipped) + '/' + std::to_string(one.rows_bad);
  }

  TemporaryFolder folder;
  codes::StoreBuilder builder;
  std::vector<std::byte> bytes;
  codes::CodeStore store;
};

}  // namespace hl7flow::test
