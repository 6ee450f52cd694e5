#include <gtest/gtest.h>

#include <random>

#include <hl7flow/parsers/codes/check_digits.h>
#include <hl7flow/parsers/codes/code_csv.h>
#include <hl7flow/parsers/codes/code_form.h>
#include <hl7flow/parsers/codes/code_key.h>
#include <hl7flow/parsers/codes/code_resolver.h>
#include <hl7flow/parsers/codes/delimited.h>
#include <hl7flow/parsers/codes/store_builder.h>
#include <hl7flow/parsers/simd/code_match.h>

namespace hl7flow::codes {
namespace {

std::string normal(Family family, std::string_view text) {
  CodeText out;
  return normal_form(family, text, out) ? std::string(out.view()) : "-";
}

TEST(CheckDigits, OfLoinc) {
  for (std::string_view const good : {"2345-7", "718-7", "4544-3", "58410-2", "34528-0", "8480-6"})
    EXPECT_TRUE(has_loinc_check_digit(good)) << good;
  for (std::string_view const bad : {"2345-6", "2345", "2345-", "-7", "23a5-7", "", "1234567-8"})
    EXPECT_FALSE(has_loinc_check_digit(bad)) << bad;
  EXPECT_TRUE(has_loinc_check_digit("11491-6")) << "issued with a wrong digit";
}

TEST(CheckDigits, OfSnomedAndNpi) {
  for (std::string_view const good : {"73211009", "22298006", "900000000000207008", "138875005"})
    EXPECT_TRUE(has_verhoeff_check_digit(good)) << good;
  EXPECT_FALSE(has_verhoeff_check_digit("73211008"));
  EXPECT_FALSE(has_verhoeff_check_digit("73210109"));
  EXPECT_TRUE(has_npi_check_digit("1234567893"));
  EXPECT_FALSE(has_npi_check_digit("1234567890"));
}

TEST(CodeForm, OneFormForAllSpellings) {
  EXPECT_EQ(normal(Family::icd10cm, "e119"), "E11.9");
  EXPECT_EQ(normal(Family::icd10cm, " E11.9 "), "E11.9");
  EXPECT_EQ(normal(Family::icd10cm, "I10"), "I10");
  EXPECT_EQ(normal(Family::icd9, "25000"), "250.00");
  EXPECT_EQ(normal(Family::icd9, "e8120"), "E812.0");
  EXPECT_EQ(normal(Family::icd9_procedure, "8190"), "81.90");
  EXPECT_EQ(normal(Family::cvx, "3"), "03");
  EXPECT_EQ(normal(Family::cvx, "003"), "03");
  EXPECT_EQ(normal(Family::cvx, "133"), "133");
  EXPECT_EQ(normal(Family::loinc, "02345-7"), "2345-7");
  EXPECT_EQ(normal(Family::hcpcs, "j1885"), "J1885");
  EXPECT_EQ(normal(Family::icd9, ".E911"), "-") << "no code begins with a point";
}

TEST(CodeForm, NationalDrugCodes) {
  EXPECT_EQ(normal(Family::ndc, "0002-7510-01"), "00002751001");
  EXPECT_EQ(normal(Family::ndc, "50242-040-62"), "50242004062");
  EXPECT_EQ(normal(Family::ndc, "60575-4112-1"), "60575411201");
  EXPECT_EQ(normal(Family::ndc, "00002751001"), "00002751001");
  EXPECT_EQ(normal(Family::ndc, "000002751001"), "00002751001") << "12 digits of 2033";
  EXPECT_EQ(normal(Family::ndc, "123456-0751-01"), "123456075101");
  EXPECT_EQ(normal(Family::ndc, "*0002-7510-01"), "00002751001");
  EXPECT_EQ(normal(Family::ndc, "*000125-710-09"), "00125071009") << "asterisk and zero of 2033";
  EXPECT_EQ(normal(Family::ndc, "0002751001"), "-") << "ten digits are ambiguous";
  EXPECT_EQ(normal(Family::ndc, "0002-75"), "-");
  std::array<CodeText, 3> candidates;
  ASSERT_EQ(ndc_candidates("0002751001", candidates), 3u);
  EXPECT_EQ(candidates[0].view(), "00002751001");
  EXPECT_EQ(candidates[1].view(), "00027051001");
  EXPECT_EQ(candidates[2].view(), "00027510001");
}

TEST(CodeForm, SaysWhatIsWrong) {
  EXPECT_EQ(check_form(Family::icd10cm, "S72.001A"), Form::good);
  EXPECT_EQ(check_form(Family::icd10cm, "S72.0011AA"), Form::bad_form);
  EXPECT_EQ(check_form(Family::icd10cm, "123"), Form::bad_form);
  EXPECT_EQ(check_form(Family::icd10pcs, "0DTJ4ZZ"), Form::good);
  EXPECT_EQ(check_form(Family::icd10pcs, "0DTJ4ZO"), Form::bad_form);
  EXPECT_EQ(check_form(Family::loinc, "2345-8"), Form::bad_check_digit);
  EXPECT_EQ(check_form(Family::snomed, "73211008"), Form::bad_check_digit);
  EXPECT_EQ(check_form(Family::cpt, "0001F"), Form::good);
  EXPECT_EQ(check_form(Family::cpt, "0001X"), Form::bad_form);
}

TEST(Delimited, QuotesLinesAndMarks) {
  DelimitedReader reader(
      "\xef\xbb\xbf"
      "a,\"b,\"\"c\"\"\",d\r\n\r\n\"two\nlines\",x\n");
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.fields(), (std::vector<std::string_view>{"a", "b,\"c\"", "d"}));
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.line(), 3u);
  EXPECT_EQ(reader.fields(), (std::vector<std::string_view>{"two\nlines", "x"}));
  EXPECT_FALSE(reader.next());
}

TEST(Delimited, AnOpenQuoteCostsOneRow) {
  DelimitedReader reader("a,\"b\nc,d\n");
  ASSERT_TRUE(reader.next());
  EXPECT_TRUE(reader.is_bad());
  ASSERT_TRUE(reader.next());
  EXPECT_FALSE(reader.is_bad());
  EXPECT_EQ(reader.fields(), (std::vector<std::string_view>{"c", "d"}));
}

TEST(Delimited, SeparatorAtTheEndOfRrfRows) {
  DelimitedReader reader("1|ENG||x|\n2|||\n", rrf_dialect);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.fields(), (std::vector<std::string_view>{"1", "ENG", "", "x"}));
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.fields(), (std::vector<std::string_view>{"2", "", ""}));
}

/// A store and what a test asks of it.
class CodeStoreTest : public ::testing::Test {
 protected:
  void build() {
    auto built = builder.build("test", "1");
    ASSERT_TRUE(built) << built.error().text;
    bytes = std::move(*built);
    auto viewed = CodeStore::view(bytes);
    ASSERT_TRUE(viewed) << viewed.error().text;
    store = *viewed;
  }
  void load(std::string_view csv) {
    auto const report = load_csv(builder, csv, "test.csv");
    ASSERT_TRUE(report) << report.error().text;
    last = *report;
  }
  Answer ask(std::string_view code, std::string_view system, std::string_view wanted,
             Several several = Several::refuse, std::uint32_t as_of = 0) {
    SystemId const id = store.find_system(wanted);
    return Resolver(store, several)
        .resolve({code, system, as_of}, std::span(&id, wanted.empty() ? 0 : 1));
  }

  StoreBuilder builder;
  std::vector<std::byte> bytes;
  CodeStore store;
  LoadReport last;
};

TEST_F(CodeStoreTest, FindsEveryCodeAndNoOther) {
  SystemFacts facts;
  facts.name = "LOCAL";
  SystemId const system = builder.system(facts);
  std::vector<std::string> codes;
  for (int k = 0; k < 20000; ++k) {
    // All lengths around the eleven bytes that lie in the table itself.
    std::string code = std::to_string(k * 7);
    while (code.size() < static_cast<std::size_t>(1 + k % 16))
      code += static_cast<char>('A' + k % 26);
    codes.push_back(code);
    ConceptFacts one;
    one.code = code;
    builder.add(system, one);
  }
  build();
  SystemId const id = store.find_system("local");
  ASSERT_EQ(id, 0);
  std::string padded;
  for (std::string const& code : codes) padded += code + "|";
  padded.append(16, '\0');
  std::vector<std::string_view> asked;
  for (std::size_t at = 0; std::string const& code : codes) {
    asked.push_back(std::string_view(padded).substr(at, code.size()));
    at += code.size() + 1;
  }
  std::vector<std::uint32_t> found(asked.size());
  store.find_many(id, asked, found.data());
  for (std::size_t k = 0; k < codes.size(); ++k) {
    ASSERT_LT(found[k], store.concepts().size()) << codes[k];
    EXPECT_EQ(store.code(found[k]), codes[k]);
    EXPECT_EQ(store.find(id, codes[k]), found[k]);
    EXPECT_EQ(store.find(id, codes[k] + '\0'), no_concept);
    EXPECT_EQ(store.find(id, codes[k] + "~"), no_concept);
  }
  EXPECT_EQ(store.find(id, ""), no_concept);
  EXPECT_EQ(store.find(7, "1"), no_concept);
}

TEST_F(CodeStoreTest, NamesOfSystems) {
  load(
      "system,title,uri,oid,aliases\n"
      "LOINC,Logical,http://loinc.org,2.16.840.1.113883.6.1,LN|LNC\n");
  build();
  for (std::string_view const name : {"LN", "ln", "LOINC", " LNC ", "http://loinc.org",
                                      "urn:oid:2.16.840.1.113883.6.1", "2.16.840.1.113883.6.1"})
    EXPECT_EQ(store.find_system(name), 0) << name;
  EXPECT_EQ(store.find_system("LNX"), no_system);
  EXPECT_EQ(store.find_system(""), no_system);
}

TEST_F(CodeStoreTest, RefusesEveryDamage) {
  load_starter(builder);
  build();
  std::vector<std::byte> const good = bytes;
  auto const refused = [](std::span<const std::byte> damaged) {
    auto const viewed = CodeStore::view(damaged);
    return !viewed && viewed.error().code == ErrorCode::bad_store;
  };
  for (std::size_t size = 0; size < good.size(); size += 1 + good.size() / 97)
    EXPECT_TRUE(refused(std::span(good).first(size))) << size;
  for (std::size_t at = 0; at < good.size(); at += 1 + good.size() / 997) {
    std::vector<std::byte> damaged = good;
    damaged[at] ^= std::byte{0x10};
    EXPECT_TRUE(refused(damaged)) << at;
  }
  std::vector<std::byte> longer = good;
  longer.push_back(std::byte{0});
  EXPECT_TRUE(refused(longer));
}

constexpr std::string_view systems =
    "system,title,uri,oid,aliases\n"
    "LOINC,,http://loinc.org,2.16.840.1.113883.6.1,LN\n"
    "ICD-10-CM,,,,I10C|I10\nICD-9-CM,,,,I9C\nNDC,,,,\nRXNORM,,,,\nL,,,,\nVENDOR,,,,\n";

TEST_F(CodeStoreTest, ResolvesExactAliasAndMap) {
  load(systems);
  load("system,code,display,status\nLOINC,2345-7,Glucose,active\nICD-10-CM,E11.9,Diabetes,\n");
  load(
      "map,source_system,source_code,target_system,target_code,equivalence\n"
      "lab,L,GLU,LOINC,2345-7,wider\n");
  build();
  Answer answer = ask("2345-7", "LN", "LOINC");
  EXPECT_EQ(answer.how, How::exact);
  EXPECT_EQ(store.display(answer.target), "Glucose");
  EXPECT_EQ(ask("e119", "I10", "ICD-10-CM").how, How::alias);
  answer = ask("GLU", "L", "LOINC");
  EXPECT_EQ(answer.how, How::map);
  EXPECT_EQ(answer.equivalence, Equivalence::wider);
  EXPECT_EQ(store.code(answer.target), "2345-7");
  EXPECT_EQ(store.text(store.maps()[answer.map].name), "lab");
  EXPECT_EQ(ask("GLU", "L", "").how, How::exact) << "in its own system";
}

TEST_F(CodeStoreTest, WhatASiteDecidedComesFirst) {
  codes::load_starter(builder);
  ASSERT_TRUE(builder.find(builder.find_system("L"), "GLU") != no_concept) << "of the sample";
  load(
      "map,source_system,source_code,target_system,target_code,equivalence\n"
      "ours,L,GLU,LOINC,2339-0,\nours,L,NA,LOINC,,unmatched\nours,L,K,,,unmatched\n"
      "ours,L,HGB,LOINC,718-7,\n");
  load(
      "map,source_system,source_code,target_system,target_code,equivalence\n"
      "later,L,HGB,LOINC,30313-1,\n");
  build();
  EXPECT_EQ(store.code(ask("GLU", "L", "LOINC").target), "2339-0");
  EXPECT_EQ(ask("NA", "L", "LOINC").miss, Miss::unmatched) << "though the sample has a target";
  EXPECT_EQ(ask("K", "L", "LOINC").miss, Miss::unmatched) << "in whatever system";
  EXPECT_EQ(store.code(ask("HGB", "L", "LOINC").target), "718-7") << "the first of two";
  EXPECT_EQ(ask("CREAT", "L", "LOINC").how, How::map) << "of the sample, where nothing is decided";
}

TEST_F(CodeStoreTest, SaysWhyThereIsNoAnswer) {
  load(systems);
  load("system,code,display,status\nLOINC,2345-7,Glucose,active\nLOINC,718-7,,deprecated\n");
  load("source_system,source_code,target_system,target_code,equivalence\nL,NONE,,,\n");
  build();
  EXPECT_EQ(ask("", "LN", "LOINC").miss, Miss::no_code);
  EXPECT_EQ(ask("GLU", "99ZZZ", "LOINC").miss, Miss::unknown_system);
  EXPECT_EQ(ask("2951-2", "LN", "LOINC").miss, Miss::unknown_code);
  EXPECT_EQ(ask("2951-3", "LN", "LOINC").miss, Miss::bad_check_digit);
  EXPECT_EQ(ask("GLUCOSE", "LN", "LOINC").miss, Miss::bad_form);
  EXPECT_EQ(ask("718-7", "LN", "LOINC").miss, Miss::retired);
  EXPECT_EQ(ask("NONE", "L", "LOINC").miss, Miss::unknown_code);
}

TEST_F(CodeStoreTest, SuccessorOnlyIfThereIsOne) {
  load(systems);
  load(
      "system,code,display,status\nLOINC,1-8,,deprecated\nLOINC,2-6,,deprecated\n"
      "LOINC,3-4,,active\nLOINC,4-2,,active\nLOINC,5-9,,retired\n");
  load(
      "source_system,source_code,target_system,target_code\n"
      "LOINC,1-8,LOINC,3-4\nLOINC,2-6,LOINC,3-4\nLOINC,2-6,LOINC,4-2\nLOINC,5-9,LOINC,1-8\n");
  build();
  Answer const one = ask("1-8", "LN", "LOINC");
  EXPECT_EQ(one.how, How::successor);
  EXPECT_EQ(store.code(one.target), "3-4");
  EXPECT_EQ(ask("2-6", "LN", "LOINC").miss, Miss::ambiguous);
  Answer const chained = ask("5-9", "LN", "LOINC");
  EXPECT_EQ(chained.how, How::successor);
  EXPECT_EQ(store.code(chained.target), "3-4");
}

TEST_F(CodeStoreTest, ChainsOfMapsJoinTheirRelations) {
  load(systems);
  load(
      "source_system,source_code,target_system,target_code,equivalence\n"
      "L,GLU,VENDOR,4711,wider\nVENDOR,4711,LOINC,2345-7,narrower\n");
  build();
  Answer const answer = ask("GLU", "L", "LOINC");
  ASSERT_EQ(answer.how, How::map);
  EXPECT_EQ(answer.hops, 2);
  EXPECT_EQ(answer.equivalence, Equivalence::inexact);
}

TEST_F(CodeStoreTest, CirclesOfMapsEnd) {
  load(systems);
  load(
      "source_system,source_code,target_system,target_code\n"
      "L,A,VENDOR,B\nVENDOR,B,L,A\nLOINC,1-8,LOINC,2-6\nLOINC,2-6,LOINC,1-8\n");
  load("system,code,display,status\nLOINC,1-8,,retired\nLOINC,2-6,,retired\n");
  build();
  EXPECT_FALSE(ask("A", "L", "LOINC").found());
  (void)ask("1-8", "LN", "LOINC");
}

TEST_F(CodeStoreTest, SeveralTargetsByPolicy) {
  load(systems);
  load(
      "source_system,source_code,target_system,target_code\n"
      "L,CBC,LOINC,58410-2\nL,CBC,LOINC,57021-8\n");
  build();
  Answer const refused = ask("CBC", "L", "LOINC");
  EXPECT_EQ(refused.miss, Miss::ambiguous);
  EXPECT_EQ(refused.candidates, 2);
  Answer const first = ask("CBC", "L", "LOINC", Several::first);
  ASSERT_TRUE(first.found());
  EXPECT_EQ(store.code(first.target), "58410-2");
  SystemId const loinc = store.find_system("LN");
  EXPECT_EQ(Resolver(store).all({"CBC", "L", 0}, std::span(&loinc, 1)).size(), 2u);
}

TEST_F(CodeStoreTest, TenDigitsOfAnNdcAreDecidedByTheDirectory) {
  load(systems);
  load(
      "system,code,display,status\nNDC,00002751001,Insulin,\nNDC,50242004062,One,\n"
      "NDC,05024204062,Other,\n");
  build();
  Answer const one = ask("0002751001", "NDC", "NDC");
  EXPECT_EQ(one.how, How::alias);
  EXPECT_EQ(store.code(one.target), "00002751001");
  EXPECT_EQ(ask("5024204062", "NDC", "NDC").miss, Miss::ambiguous);
  EXPECT_EQ(ask("9999999999", "NDC", "NDC").miss, Miss::unknown_code);
}

TEST_F(CodeStoreTest, TheBetterOfTwoCodingsAnswers) {
  load(systems);
  load("system,code,display,status\nLOINC,2345-7,Glucose,active\n");
  load("source_system,source_code,target_system,target_code\nL,GLU,LOINC,2345-7\n");
  build();
  SystemId const loinc = store.find_system("LN");
  Question const both[] = {{"GLU", "L", 0}, {"2345-7", "LN", 0}};
  Answer answer = Resolver(store).resolve(both, std::span(&loinc, 1));
  EXPECT_EQ(answer.how, How::exact);
  EXPECT_EQ(answer.coding, 1);
  Question const none[] = {{"X", "L", 0}, {"", "", 0}};
  EXPECT_EQ(Resolver(store).resolve(none, std::span(&loinc, 1)).miss, Miss::unknown_code);
}

TEST_F(CodeStoreTest, RowsThatDoNotParseAreCounted) {
  load(
      "source_system,source_code,target_system,target_code,equivalence\n"
      "L,A,LOINC,1-8,equal\nL,,LOINC,1-8,\nL,B,LOINC,2-6,nonsense\nL,C\n");
  EXPECT_EQ(last.rows_read, 4u);
  EXPECT_EQ(last.rows_loaded, 1u);
  EXPECT_EQ(last.rows_bad, 3u);
  EXPECT_EQ(last.first_problem.substr(0, 6), "row 3:");
  EXPECT_FALSE(load_csv(builder, "a,b\n1,2\n", "x.csv"));
  EXPECT_FALSE(load_csv(builder, std::string_view("s\0e", 3), "x.csv"));
}

TEST_F(CodeStoreTest, TheSameCallsMakeTheSameBytes) {
  load_starter(builder);
  build();
  StoreBuilder again;
  load_starter(again);
  auto const built = again.build("test", "1");
  ASSERT_TRUE(built);
  EXPECT_EQ(*built, bytes);
}

TEST_F(CodeStoreTest, TheStarterIsWhole) {
  load_starter(builder);
  build();
  for (LoadRecord const& one : store.loads()) {
    EXPECT_EQ(one.rows_bad, 0u) << store.text(one.file) << ": " << store.text(one.first_problem);
    EXPECT_EQ(one.rows_read, one.rows_loaded);
  }
  EXPECT_GT(store.concepts().size(), 900u);
  for (std::uint32_t k = 0; k < store.concepts().size(); ++k) {
    ConceptRecord const& subject = store.concepts()[k];
    std::string_view const system = store.system_name(subject.system);
    EXPECT_EQ(check_form(family_of(system), store.code(k)), Form::good)
        << system << " " << store.code(k);
    if (system == "L") continue;
    EXPECT_NE(subject.flags & listed, 0) << system << " " << store.code(k) << " is only mapped to";
    EXPECT_FALSE(store.display(k).empty()) << system << " " << store.code(k);
  }
  EXPECT_EQ(ask("GLU", "L", "LOINC").how, How::map);
  EXPECT_EQ(ask("25000", "I9", "ICD-10-CM").how, How::map);
}

TEST(CodeMatch, KeysAndLinesAreThoseOfThePlainWay) {
  std::mt19937 random(7);
  for (int turn = 0; turn < 20000; ++turn) {
    std::string text(11 + 16, '\0');
    for (char& c : text) c = static_cast<char>(random());
    std::size_t const size = random() % (inline_code_max + 1);
    detail::CodeKey const plain = detail::key_of(std::string_view(text).substr(0, size));
    simd::ShortKey const fast = simd::short_key(text.data(), size);
    ASSERT_EQ(fast.low, plain.low) << size;
    ASSERT_EQ(fast.high, plain.high) << size;
    // A line with near misses of the key, and perhaps the key itself.
    std::array<Slot, slots_a_line> line{};
    std::size_t expected = slots_a_line;
    for (std::size_t k = 0; k < line.size(); ++k) {
      std::memcpy(line[k].key.data(), &plain.low, 8);
      std::memcpy(line[k].key.data() + 8, &plain.high, 4);
      line[k].concept_plus_one = static_cast<std::uint32_t>(random());
      if (random() % 4 != 0)
        line[k].key[random() % 12] ^= static_cast<std::uint8_t>(1u << random() % 8);
      else if (expected == slots_a_line)
        expected = k;
    }
    ASSERT_EQ(simd::match_line(line.data(), fast), expected);
  }
}

}  // namespace
}  // namespace hl7flow::codes
