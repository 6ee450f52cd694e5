#include <gtest/gtest.h>

#include <cmath>

#include <hl7flow/parsers/ucum/unit_cache.h>
#include <hl7flow/parsers/ucum/unit_spelling.h>
#include <hl7flow/parsers/ucum/unit_table.h>

namespace hl7flow::ucum {
namespace {

double converted(double value, std::string_view from, std::string_view to, double molar_mass = 0) {
  auto const a = builtin_units().parse(from), b = builtin_units().parse(to);
  EXPECT_TRUE(a) << from;
  EXPECT_TRUE(b) << to;
  if (!a || !b) return 0;
  auto const conversion = Conversion::between(*a, *b, molar_mass);
  EXPECT_TRUE(conversion) << from << " to " << to;
  return conversion ? (*conversion)(value) : 0;
}

TEST(Ucum, ConvertsBetweenWhatFeedsSend) {
  EXPECT_NEAR(converted(100, "mg/dL", "g/L"), 1, 1e-12);
  EXPECT_NEAR(converted(7.5, "10*3/uL", "10*9/L"), 7.5, 1e-12);
  EXPECT_NEAR(converted(120, "mm[Hg]", "kPa"), 15.99864, 1e-9);
  EXPECT_NEAR(converted(1, "[lb_av]", "kg"), 0.45359237, 1e-12);
  EXPECT_NEAR(converted(60, "/min", "Hz"), 1, 1e-12);
  EXPECT_NEAR(converted(1, "U/L", "nkat/L"), 16.6666666667, 1e-8);
  EXPECT_NEAR(converted(3, "m[iU]/L", "u[iU]/mL"), 3, 1e-12);
}

TEST(Ucum, SpecialUnitsHaveTheirScales) {
  EXPECT_NEAR(converted(98.6, "[degF]", "Cel"), 37, 1e-9);
  EXPECT_NEAR(converted(37, "Cel", "K"), 310.15, 1e-9);
  EXPECT_NEAR(converted(80, "[degRe]", "Cel"), 100, 1e-9);
  EXPECT_NEAR(converted(7.4, "[pH]", "nmol/L"), 39.810717, 1e-4);
  EXPECT_NEAR(converted(10, "dB", "B"), 1, 1e-12);
  EXPECT_NEAR(converted(20, "dB[V]", "V"), 10, 1e-9);
  EXPECT_NEAR(converted(100, "[p'diop]", "deg"), 45, 1e-9);
  EXPECT_NEAR(converted(100, "%[slope]", "deg"), 45, 1e-9);
}

TEST(Ucum, MolesAndGramsNeedAMolarMass) {
  auto const moles = *builtin_units().parse("mmol/L"), grams = *builtin_units().parse("mg/dL");
  EXPECT_FALSE(Conversion::between(moles, grams));
  EXPECT_NEAR(converted(5.55, "mmol/L", "mg/dL", 180.156), 99.98658, 1e-6);
  EXPECT_NEAR(converted(99.98658, "mg/dL", "mmol/L", 180.156), 5.55, 1e-6);
}

TEST(Ucum, OnlyLikeIsConverted) {
  auto const conversion = [](std::string_view from, std::string_view to) {
    return Conversion::between(*builtin_units().parse(from), *builtin_units().parse(to))
        .has_value();
  };
  EXPECT_FALSE(conversion("mg", "mL"));
  EXPECT_FALSE(conversion("[iU]", "U")) << "an arbitrary unit is like nothing but itself";
  EXPECT_FALSE(conversion("[iU]/L", "[arb'U]/L"));
  EXPECT_TRUE(conversion("[iU]/L", "k[IU]/mL"));
  EXPECT_TRUE(conversion("{cells}/uL", "/mL")) << "annotations mean nothing";
}

TEST(Ucum, SaysWhereAnExpressionIsWrong) {
  auto const place = [](std::string_view text) {
    auto const unit = builtin_units().parse(text);
    return unit ? -1 : static_cast<int>(unit.error().offset);
  };
  EXPECT_EQ(place("kg.m/s2"), -1);
  EXPECT_EQ(place(""), 0);
  EXPECT_EQ(place("m/"), 2);
  EXPECT_EQ(place("mg/qq"), 3);
  EXPECT_EQ(place("g/12h"), 4);
  EXPECT_EQ(place("(m"), 2);
  EXPECT_EQ(place("m{open"), 6);
  EXPECT_EQ(place("[in_i"), 0);
  EXPECT_EQ(place("kmin"), 0) << "no prefix on what is not metric";
  EXPECT_EQ(place("m0"), 1);
  EXPECT_EQ(place("m9999"), 1);
  EXPECT_EQ(place(std::string(100, '(')), 32) << "nesting has a bound";
}

TEST(Ucum, CanonicalForm) {
  auto const canonical = [](std::string_view text) {
    return builtin_units().canonical(*builtin_units().parse(text));
  };
  EXPECT_EQ(canonical("mg/dL"), "m-3.g");
  EXPECT_EQ(canonical("10*3"), "1");
  EXPECT_EQ(canonical("N"), "m.s-2.g");
  EXPECT_EQ(canonical("m[iU]/L"), "m-3.[iU]");
}

TEST(Ucum, TheCacheSaysWhatTheTableSays) {
  UnitCache cache(builtin_units());
  std::vector<std::string> texts = {"mg/dL", "", "qq", "mg/dL", std::string(40, 'm')};
  for (int k = 1; k < 3000; ++k) texts.push_back("m" + std::to_string(k));  // more than it holds
  for (int turn = 0; turn < 2; ++turn)
    for (std::string const& text : texts) {
      const Unit* const cached = cache.parse(text);
      auto const plain = builtin_units().parse(text);
      ASSERT_EQ(cached != nullptr, plain.has_value()) << text;
      if (plain) {
        EXPECT_EQ(cached->dimension, plain->dimension) << text;
        EXPECT_EQ(cached->magnitude, plain->magnitude) << text;
      }
    }
}

TEST(Ucum, TablesThatMakeNoSenseAreRefused) {
  auto const made = [](std::string_view rows) {
    auto const definitions = read_definitions(rows);
    return definitions && UnitTable::make(*definitions).has_value();
  };
  std::string const base = "base\tm\tm\t1\t\t\tmeter\n";
  EXPECT_TRUE(made(base + "unit\tl\tm\t1\tm3\t\tliter\n"));
  EXPECT_TRUE(made(base + "unit\tx\t\t1\ty\t\tx\nunit\ty\t\t1\tm\t\ty\n")) << "in any order";
  EXPECT_FALSE(made(base + "unit\tx\t\t1\ty\t\tx\nunit\ty\t\t1\tx\t\ty\n")) << "a circle";
  EXPECT_FALSE(made(base + base)) << "twice";
  EXPECT_FALSE(made(base + "unit\tx\t\t1\tm\tnonsense\tx\n"));
  EXPECT_FALSE(made(base + "unit\tx\t\tone\tm\t\tx\n"));
  EXPECT_FALSE(made("nonsense\n"));
}

TEST(Ucum, DefinitionsAreReadAsTheyAreWritten) {
  std::vector<Definition> const some = {
      {Definition::Kind::prefix, "k", "kilo", false, false, 1000, "", ""},
      {Definition::Kind::base, "K", "kelvin", true, false, 1, "", ""},
      {Definition::Kind::unit, "Cel", "degree Celsius", true, false, 1, "K", "Cel"},
      {Definition::Kind::unit, "[iU]", "international unit", true, true, 1, "1", ""}};
  auto const read = read_definitions(write_definitions(some));
  ASSERT_TRUE(read) << read.error().text;
  ASSERT_EQ(read->size(), some.size());
  EXPECT_EQ(write_definitions(*read), write_definitions(some));
}

TEST(UnitSpelling, LocalSpellings) {
  auto const read = [](std::string_view text, bool declared = false) {
    ReadUnit const unit = read_unit(builtin_units(), text, declared);
    return std::string(name(unit.spelling)) + " " + unit.code;
  };
  EXPECT_EQ(read("mg/dL"), "exact mg/dL");
  EXPECT_EQ(read("mg/dl"), "exact mg/dl") << "l and L are both liters";
  EXPECT_EQ(read("MG/DL"), "local_spelling mg/dL");
  EXPECT_EQ(read("K/uL"), "local_spelling 10*3/uL");
  EXPECT_EQ(read("K/uL", true), "exact K/uL") << "the sender says that it is UCUM";
  EXPECT_EQ(read("10^3/ul"), "exact 10^3/ul");
  EXPECT_EQ(read("x10E3/uL"), "local_spelling 10*3/uL");
  EXPECT_EQ(read("thou/mcL"), "local_spelling 10*3/uL");
  EXPECT_EQ(read("IU/L"), "local_spelling [iU]/L");
  EXPECT_EQ(read("mIU/mL"), "local_spelling m[iU]/mL");
  EXPECT_EQ(read("\xc2\xb5g/mL"), "local_spelling ug/mL");
  EXPECT_EQ(read("mmHg"), "local_spelling mm[Hg]");
  EXPECT_EQ(read("deg F"), "local_spelling [degF]");
  EXPECT_EQ(read("\xc2\xb0"
                 "C"),
            "local_spelling Cel");
  EXPECT_EQ(read("mL/min/1.73m2"), "local_spelling mL/min/{1.73_m2}");
  EXPECT_EQ(read("/HPF"), "local_spelling /[HPF]");
  EXPECT_EQ(read("mEq/L"), "local_spelling meq/L");
  EXPECT_EQ(read("sec"), "local_spelling s");
  EXPECT_EQ(read("pounds"), "local_spelling [lb_av]");
  EXPECT_EQ(read("flurbs/dL"), "unknown_unit ");
  EXPECT_EQ(read(""), "unknown_unit ");
}

}  // namespace
}  // namespace hl7flow::ucum
