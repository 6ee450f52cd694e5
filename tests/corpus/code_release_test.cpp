#include <hl7flow/adapters/codes/loaders.h>
#include <hl7flow/parsers/codes/code_resolver.h>

#include "tests/corpus/corpus.h"

// Code releases as they are published: every row arrives.
namespace hl7flow {
namespace {

using codes::CodeStore;

class CodeReleaseCorpus : public test::CorpusTest {
 protected:
  void load(Status (*load_it)(codes::StoreBuilder&, const adapters::Release&),
            const std::string& path) {
    auto const release = adapters::Release::open(test::corpus_folder() + '/' + path);
    ASSERT_TRUE(release) << release.error().text;
    auto const done = load_it(builder, *release);
    ASSERT_TRUE(done) << done.error().text;
  }
  void build() {
    auto built = builder.build("corpus", "1");
    ASSERT_TRUE(built) << built.error().text;
    bytes = std::move(*built);
    auto viewed = CodeStore::view(bytes);
    ASSERT_TRUE(viewed) << viewed.error().text;
    store = *viewed;
  }

  codes::StoreBuilder builder;
  std::vector<std::byte> bytes;
  CodeStore store;
};

TEST_F(CodeReleaseCorpus, EveryRowOfTheOrderFileResolvesAndHasItsParent) {
  load(adapters::load_icd10cm, "term-icd10cm-2021/files");
  build();
  auto const& reports = builder.reports();
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_EQ(reports[0].rows_read, 95358u);
  EXPECT_EQ(reports[0].rows_loaded, 95358u);
  EXPECT_EQ(reports[1].rows_bad, 0u);
  auto const release = adapters::Release::open(test::corpus_folder() + "/term-icd10cm-2021/files");
  ASSERT_TRUE(release);
  auto const text = release->read(release->find("icd10cm*order*.txt"));
  ASSERT_TRUE(text);
  codes::Resolver const resolver(store);
  codes::SystemId const system = store.find_system("ICD-10-CM");
  std::size_t complete = 0, rows = 0;
  for (std::size_t at = 0; at < text->size(); at = text->find('\n', at) + 1) {
    ++rows;
    // As the file has it, without a point.
    std::string const code = text->substr(at + 6, text->find(' ', at + 6) - at - 6);
    codes::Answer const answer =
        resolver.resolve({code, "ICD-10-CM", 20210115}, std::span(&system, 1));
    ASSERT_TRUE(answer.found()) << code;
    std::uint32_t const parent = store.concepts()[answer.target].parent;
    ASSERT_LT(parent, store.concepts().size()) << code;
    std::string above(store.code(parent));
    if (code.size() == 3) {
      // A section or a chapter whose range has the category.
      ASSERT_EQ(above.size(), 7u) << code;
      EXPECT_LE(above.substr(0, 3), code);
      // C4A, M1A and Z3A stand in sections that end before them by the alphabet.
      bool const has_letter = code[2] >= 'A';
      EXPECT_GE(above.substr(4, has_letter ? 2 : 3), code.substr(0, has_letter ? 2 : 3));
    } else {
      std::erase(above, '.');
      EXPECT_TRUE(code.starts_with(above) && above.size() >= 3) << code << ' ' << above;
    }
    ++complete;
  }
  EXPECT_EQ(rows, 95358u);
  EXPECT_EQ(complete, 95358u);
}

TEST_F(CodeReleaseCorpus, EveryCategoryLeadsUpToItsChapter) {
  load(adapters::load_icd10cm, "term-icd10cm-2021/files");
  build();
  std::size_t roots = 0;
  for (codes::ConceptRecord const& one : store.concepts()) {
    if (one.parent == codes::no_concept) ++roots;
    int steps = 0;
    for (auto up = one.parent; up != codes::no_concept; up = store.concepts()[up].parent)
      ASSERT_LT(++steps, 12) << "a circle of parents";
  }
  EXPECT_EQ(roots, 22u) << "the chapters";
}

TEST_F(CodeReleaseCorpus, SheetsOfLivd) {
  std::string const tables = "cdc-prime-reportstream/files/prime-router/metadata/tables/";
  load(adapters::load_livd, tables + "local/LIVD-SARS-CoV-2.csv");
  load(adapters::load_livd, tables + "livd");
  build();
  for (codes::LoadReport const& report : builder.reports())
    EXPECT_EQ(report.rows_bad, 0u) << report.file << ' ' << report.first_problem;
  codes::SystemId const loinc = store.find_system("LOINC");
  codes::Answer const answer = codes::Resolver(store).resolve(
      {"SARS-CoV-2 Result Interpretation", "LIVD 1drop Inc.", 0}, std::span(&loinc, 1));
  EXPECT_EQ(store.code(answer.target), "94500-6");
  codes::Answer const kit = codes::Resolver(store).resolve(
      {"QuickVue At-Home COVID-19 Test", "LIVD", 0}, std::span(&loinc, 1));
  EXPECT_EQ(store.code(kit.target), "95209-3");
}

}  // namespace
}  // namespace hl7flow
