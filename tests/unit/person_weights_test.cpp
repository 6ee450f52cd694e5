// Weights of packed persons that are learned: from whom, as a file, in a state's options.

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include <hl7flow/parsers/linkage/weights_file.h>
#include <hl7flow/stages/identify/person_options.h>

namespace hl7flow::linkage {
namespace {

/// Couples with a home and a telephone; every person is there twice, the second time perhaps with
/// another telephone, city or address. One of two has a number. `of_towns`: each postcode is a
/// city.
std::vector<PackedPerson> couples(std::size_t count, bool of_towns = false) {
  std::mt19937 random(3);
  auto const one_of = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  auto const word = [](std::uint32_t number) {
    std::string made;
    for (int k = 0; k < 4; ++k, number /= 20) {
      made += "bcdfghjklmnpqrstvwxz"[number % 20];
      made += "aeiou"[(number / 3) % 5];
    }
    return made;
  };
  std::vector<PackedPerson> persons;
  for (std::size_t k = 0; k < count; ++k) {
    std::string const family = word(one_of(400) * 7919);
    std::string const address = std::to_string(1 + one_of(900)) + " " + word(one_of(300)) + " way";
    std::string const phone = std::to_string(2'000'000'000u + random() % 1'000'000'000u);
    std::uint32_t const town = one_of(60);
    std::string const city = word(of_towns ? town * 31 : one_of(8));
    std::string const postcode = std::to_string(10000 + town);
    for (char const sex : {'F', 'M'}) {
      std::string const given = word(one_of(150) * 104729);
      std::string const born = std::to_string(1930 + one_of(80)) + "0" +
                               std::to_string(1 + one_of(9)) + std::to_string(10 + one_of(19));
      std::string const number = std::to_string(100'000'000u + random() % 899'999'999u);
      for (int copy = 0; copy < 2; ++copy) {
        bool const moved = copy == 1 && one_of(5) == 0;
        std::string const other_home = std::to_string(1 + one_of(900)) + " new street";
        std::string const other_phone = std::to_string(2'000'000'000u + random() % 1'000'000'000u);
        std::string const sex_text(1, sex);
        PersonTexts texts;
        texts.given_name = given;
        texts.family_name = family;
        texts.birth_date = born;
        texts.sex = sex_text;
        texts.address_line = moved ? other_home : address;
        texts.city = city;
        texts.postcode = postcode;
        texts.phone = one_of(4) == 0 ? other_phone : phone;
        if (k % 2 == 0) texts.identifier = number;
        persons.push_back(pack(texts));
      }
    }
  }
  return persons;
}

LearnedWeights learn(const std::vector<PackedPerson>& persons) {
  return learn_weights(persons.size(),
                       [&](std::size_t k) -> const PackedPerson& { return persons[k]; });
}

const LearnedWeights& learned() {
  static const LearnedWeights made = learn(couples(1500));
  return made;
}

std::size_t at(Aspect aspect) { return static_cast<std::size_t>(aspect); }

TEST(PersonWeights, AreWhatThePersonsWereMadeOf) {
  LinkageModel const& model = learned().model;
  EXPECT_EQ(learned().records, 6000u);
  EXPECT_NEAR(learned().expected_links, 3000, 60);
  EXPECT_NEAR(model.m[at(Aspect::address)][4], .8, .03);
  EXPECT_NEAR(model.m[at(Aspect::phone)][4], .75 * .75, .03);
  EXPECT_NEAR(model.m[at(Aspect::birth_date)][5], 1, .01);
  EXPECT_NEAR(model.u[at(Aspect::sex)][2], .5, .01);
  EXPECT_NEAR(model.u[at(Aspect::city)][4], 1. / 8, .02);
  AspectWeights const weights = learned().weights();
  EXPECT_GT(weights.bits[at(Aspect::identifier)][4], 10);
  EXPECT_EQ(weights.bits[at(Aspect::city)][2], 0) << "there is no such level";
  EXPECT_EQ(weights.bits[at(Aspect::city)][0], 0) << "missing";
  // Nobody has an e-mail address here.
  EXPECT_EQ(learned().usual, std::vector<Aspect>{Aspect::email});
  EXPECT_EQ(weights.bits[at(Aspect::email)], default_weights().bits[at(Aspect::email)]);
}

TEST(PersonWeights, KnowHouseholds) {
  ASSERT_GT(learned().model.household_prior, 0);
  AspectWeights const weights = learned().weights();
  auto const persons = couples(200);
  int together = 0, wrong = 0, found = 0;
  for (std::size_t k = 0; k < persons.size(); k += 4) {
    // Two records of hers, two of his.
    found += score(weights, persons[k], persons[k + 1]) > 0 ? 1 : 0;
    for (std::size_t his : {k + 2, k + 3}) {
      ++together;
      wrong += score(weights, persons[k], persons[his]) > 0 ? 1 : 0;
    }
  }
  EXPECT_EQ(wrong, 0) << "of " << together;
  EXPECT_GE(found, 195);
}

TEST(PersonWeights, ACityThatFollowsFromThePostcodeHardlyCounts) {
  auto const persons = couples(1500, true);
  LearnedWeights const towns = learn(persons);
  EXPECT_FALSE(learned().city_follows);
  EXPECT_TRUE(towns.city_follows);
  EXPECT_NEAR(towns.expected_links, 3000, 60);
  AspectWeights const weights = towns.weights();
  EXPECT_LT(std::abs(weights.bits[at(Aspect::city)][4]), .1);
  EXPECT_NE(weights.bits[at(Aspect::city)][4], 0) << "not as if it were missing";
  EXPECT_GT(weights.bits[at(Aspect::postcode)][top_of(Aspect::postcode)], 3);
  auto const read = read_weights(weights_json(towns));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(*read, weights);
}

TEST(PersonWeights, AreThoseThatAreWritten) {
  // A city that follows from the postcode, of too few to count: its usual weight stays whole.
  auto persons = couples(1500, true);
  for (std::size_t k = 400; k < persons.size(); ++k) persons[k].city_hash = 0;
  LearnedWeights const few = learn(persons);
  EXPECT_FALSE(few.city_follows);
  AspectWeights const weights = few.weights();
  EXPECT_EQ(weights.bits[at(Aspect::city)], default_weights().bits[at(Aspect::city)]);
  auto const read = read_weights(weights_json(few));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(*read, weights);
}

TEST(PersonWeights, AddUpToTheScore) {
  AspectWeights const weights = learned().weights();
  auto const persons = couples(30);
  for (AspectWeights const& one : {weights, default_weights()})
    for (std::size_t k = 0; k < persons.size(); ++k)
      for (std::size_t j = 0; j < k; ++j) {
        AspectLevels const levels = compare(persons[k], persons[j]);
        if (caution(persons[k], persons[j], levels) != Caution::none) continue;
        float sum = one.prior + household_bits(one, levels);
        for (float const bits : bits_of(one, levels)) sum += bits;
        EXPECT_NEAR(score(one, persons[k], persons[j]), sum, 1e-3);
      }
}

TEST(PersonWeights, AreTheSameWheneverTheyAreLearned) {
  EXPECT_EQ(learn(couples(300)).weights(), learn(couples(300)).weights());
  EXPECT_EQ(learn({}).records, 0u);
}

TEST(PersonWeights, AreReadAsTheyWereWritten) {
  auto const read = read_weights(weights_json(learned()));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(*read, learned().weights());
}

TEST(PersonWeights, AreReadWithCare) {
  std::string const good = weights_json(learned());
  auto const complaint = [&](const std::string& part, const std::string& by) {
    std::string text = good;
    std::size_t const place = text.find(part);
    EXPECT_NE(place, std::string::npos) << part;
    text.replace(place, part.size(), by);
    auto const read = read_weights(text);
    EXPECT_FALSE(read) << by;
    if (read) return std::string();
    EXPECT_EQ(read.error().code, ErrorCode::bad_config);
    return read.error().text;
  };
  auto const says = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  says(complaint("{\"format\"", "[{\"format\""), "not JSON");
  says(complaint("person weights", "model"), "no weights of persons");
  says(complaint("\"version\": 1", "\"version\": 2"), "another version than 1");
  says(complaint("\"prior\": 0", "\"prior\": 7"), "prior must be");
  says(complaint("\"prior\"", "\"pior\""), "\"pior\"");
  says(complaint("\"household_prior\": 0", "\"household_prior\": -1"), "household_prior must be");
  says(complaint("\"aspects\"", "\"aspect\""), "the file has what is not known");
  says(complaint("\"aspect\": \"sex\"", "\"aspect\": \"shoe\""), "no aspect \"shoe\"");
  says(complaint("\"aspect\": \"sex\"", "\"aspect\": \"birth_date\""), "birth_date is there twice");
  says(complaint("\"aspect\": \"given_name\", \"levels\"", "\"aspect\": \"given_name\", \"lvls\""),
       "given_name has what is not known: \"lvls\"");
  says(complaint("\"level\": 4", "\"level\": 9"), "given_name has a level that there is not");
  says(complaint("\"level\": 4", "\"level\": 1.5"), "given_name has a level that there is not");
  says(complaint("\"level\": 4", "\"level\": 5"), "given_name, level 5 is there twice");
  says(complaint("\"m\": 0", "\"m\": 3"), "given_name, level 5: m must be");
  says(complaint("\"u\": ", "\"u\": \"x\", \"bits\": "), "level 5: u must be");
  says(complaint("\"household\": ", "\"bits\": "), "level 5: household must be");
  says(complaint("\"household_prior\"", "\"learned_from\""), "no household_prior");
  EXPECT_FALSE(read_weights("[1]"));
  EXPECT_FALSE(read_weights(""));
  // A level too few.
  std::string text = good;
  std::size_t const begin = text.find("\n   {\"level\": 4");
  text.erase(begin, text.find('}', begin) + 2 - begin);
  auto const fewer = read_weights(text);
  ASSERT_FALSE(fewer);
  says(fewer.error().text, "given_name has no level 4");
}

TEST(PersonWeights, StandInTheOptionsOfAState) {
  stages::PersonOptions options{.9, .4, {"email"}, 100, learned().weights()};
  auto const read = stages::PersonOptions::read(options.text());
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->weights, options.weights);
  EXPECT_EQ(read->text(), options.text());
  EXPECT_EQ(read->differences(options), "");
  stages::PersonOptions other = options;
  other.weights.reset();
  other.review = .3;
  EXPECT_EQ(other.differences(options), "review, weights");
  EXPECT_EQ(other.text().find("bits"), std::string::npos);
  EXPECT_FALSE(stages::PersonOptions::read(options.text() + "bits shoe_size 1 2\n"));
  EXPECT_FALSE(stages::PersonOptions::read(options.text() + "bits sex 1\n"));
}

}  // namespace
}  // namespace hl7flow::linkage
