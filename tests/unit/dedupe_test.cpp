#include <filesystem>
#include <random>
#include <unordered_map>

#include <hl7flow/parsers/dedup/content_fingerprint.h>
#include <hl7flow/parsers/dedup/recent_index.h>
#include <hl7flow/parsers/dedup/recent_tags.h>
#include <hl7flow/pipeline/catalogue.h>
#include <hl7flow/pipeline/state_store.h>

#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

using test::Outcome;
using test::Row;

std::string message(const std::string& id, const std::string& value = "98",
                    const std::string& time = "20240301120000",
                    const std::string& application = "LAB") {
  return "MSH|^~\\&|" + application + "|HOSP|||" + time + "||ORU^R01|" + id + "|P|2.5.1\rEVN|R01|" +
         time + "\rPID|1||7^^^HOSP^MR||||\rOBX|1|NM|GLU||" + value + "\r";
}

class Dedupe : public ::testing::Test {
 protected:
  Dedupe() {
    folder_ =
        std::filesystem::path(::testing::TempDir()) /
        ("dedupe_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
  }
  ~Dedupe() override { std::filesystem::remove_all(folder_); }
  std::string state() const { return folder_.string(); }

  static Outcome run(const std::string& text, const ConfigNode& settings = test::settings({}),
                     std::size_t batch_size = 1u << 20) {
    return test::run_text(
        std::make_unique<test::TextSource>(text, batch_size),
        {{"parse", test::settings({})}, {"dedupe", settings}, {"tabulate", test::settings({})}});
  }
  static std::vector<std::string> repeats(const Outcome& outcome) {
    std::vector<std::string> found;
    auto const rows = outcome.rows.find("duplicates");
    if (rows == outcome.rows.end()) return found;
    for (Row const& row : rows->second)
      found.push_back((row.contains("control_id") ? row.at("control_id") : "-") + " " +
                      row.at("repeat") + " " + row.at("action") + " " + row.at("messages_apart"));
    return found;
  }

  std::filesystem::path folder_;
};

using Texts = std::vector<std::string>;

TEST_F(Dedupe, DropsOnlyTheSameAgain) {
  Outcome const done =
      run(message("1") + message("2", "99") + message("1") + message("1", "97") + message("3"));
  EXPECT_EQ(done.account.written, 4u);
  EXPECT_EQ(done.account.duplicates, 1u);
  EXPECT_EQ(repeats(done),
            (Texts{"1 resend dropped 2", "1 id_reuse passed 2", "3 duplicate_send passed 3"}));
  Row const& first = done.rows.at("duplicates")[0];
  EXPECT_EQ(first.at("first_message_id"), done.rows.at("messages")[0].at("message_id"));
  EXPECT_EQ(first.at("seconds_apart"), "0");
  EXPECT_EQ(done.account.repeats.at("resend, dropped"), 1u);
}

TEST_F(Dedupe, AResendIsOneWhateverCameBetween) {
  // Its number was used again, and its content was sent under another.
  std::string const first = message("1"), reused = message("1", "97"), again = message("2");
  EXPECT_EQ(repeats(run(first + reused + again + first)),
            (Texts{"1 id_reuse passed 1", "2 duplicate_send passed 2", "1 resend dropped 3"}));
  EXPECT_EQ(repeats(run(first + again + reused + first)),
            (Texts{"2 duplicate_send passed 1", "1 id_reuse passed 2", "1 resend dropped 3"}));
}

TEST_F(Dedupe, ThousandsThatAreAlikeLeaveRoomForOthers) {
  std::string text;
  for (int k = 0; k < 3000; ++k) text += message("h" + std::to_string(k));
  for (int k = 0; k < 300; ++k) text += message("m" + std::to_string(k), std::to_string(k + 1000));
  for (int k = 0; k < 300; ++k) text += message("m" + std::to_string(k), std::to_string(k + 1000));
  Outcome const done = run(text, test::settings({{"window", "4000"}}));
  EXPECT_EQ(done.account.duplicates, 300u);
  EXPECT_EQ(done.account.repeats.at("resend, dropped"), 300u);
  EXPECT_EQ(done.account.repeats.at("duplicate_send, passed"), 2999u);
}

TEST_F(Dedupe, TimesAndSequenceNumbersAreNoContent) {
  Outcome const done = run(message("1") + message("1", "98", "20240301120500"));
  EXPECT_EQ(repeats(done), Texts{"1 resend dropped 1"});
  EXPECT_EQ(done.rows.at("duplicates")[0].at("seconds_apart"), "300");
}

TEST_F(Dedupe, AMessageOutOfTimeHidesNoneInTime) {
  // The second was sent nine days later, by its own account.
  std::string const text = message("1", "98", "20240301120000") +
                           message("2", "98", "20240310120000") +
                           message("3", "98", "20240301120100");
  EXPECT_EQ(repeats(run(text, test::settings({{"window_time", "24h"}}))),
            Texts{"3 duplicate_send passed 2"});
}

TEST_F(Dedupe, ACorrectionIsNoDuplicate) {
  std::string const first = message("1") + "OBX|2|NM|K||4.1||||||F\r";
  std::string const corrected = message("1") + "OBX|2|NM|K||4.1||||||C\r";
  EXPECT_EQ(repeats(run(first + corrected)), Texts{"1 id_reuse passed 1"});
}

TEST_F(Dedupe, AnotherSenderMayUseTheSameNumber) {
  Outcome const done =
      run(message("1", "98", "20240301", "LAB") + message("1", "55", "20240301", "RAD"));
  EXPECT_EQ(done.account.written, 2u);
  EXPECT_TRUE(repeats(done).empty());
}

TEST_F(Dedupe, WithoutControlIdContentDecides) {
  EXPECT_EQ(repeats(run(message("") + message(""))).size(), 1u);
}

TEST_F(Dedupe, Policies) {
  std::string const text = message("1") + message("1") + message("2");
  EXPECT_EQ(repeats(run(text, test::settings({{"resend", "pass"}, {"duplicate_send", "drop"}}))),
            (Texts{"1 resend passed 1", "2 duplicate_send dropped 1"}));
  auto const feeds = parse_yaml(
      "feeds:\n  - { where: MSH-3=RAD, resend: pass }\n  - { where: MSH-3=LAB, ignore: OBX-5 }\n",
      "test");
  ASSERT_TRUE(feeds);
  Outcome const by_feed = run(
      message("1", "1", "2024", "RAD") + message("1", "1", "2024", "RAD") + message("5", "1") +
          message("5", "2") + message("6", "1", "2024", "ADT") + message("6", "2", "2024", "ADT"),
      *feeds);
  EXPECT_EQ(repeats(by_feed),
            (Texts{"1 resend passed 1", "5 resend dropped 1", "6 id_reuse passed 1"}));
}

TEST_F(Dedupe, IdentityIsChosen) {
  auto const sent = [](const std::string& id, const std::string& visit, const std::string& value) {
    return message(id, value) + "ZPI|1|" + visit + "\r";
  };
  std::string const text = sent("1", "a", "1") + sent("1", "b", "2") + sent("2", "a", "3") +
                           sent("3", "a", "1") + sent("4", "", "4") + sent("5", "", "5");
  EXPECT_EQ(repeats(run(text)), (Texts{"1 id_reuse passed 1", "3 duplicate_send passed 3"}));
  // By ZPI-2 the third reuses the first's, the fourth is the first again, and the last have none.
  EXPECT_EQ(repeats(run(text, test::settings({{"identity", "ZPI-2"}}))),
            (Texts{"2 id_reuse passed 2", "3 resend dropped 3"}));
  auto const by_feed = parse_yaml(
      "identity: [MSH-3, MSH-10]\n"
      "feeds:\n  - { where: MSH-3=RAD, identity: [MSH-3, \"PID-3[5=MR].1\"] }\n",
      "test");
  ASSERT_TRUE(by_feed);
  EXPECT_EQ(repeats(run(message("1", "1", "2024", "RAD") + message("2", "2", "2024", "RAD") +
                            message("3", "3", "2024", "LAB") + message("4", "4", "2024", "LAB"),
                        *by_feed)),
            Texts{"2 id_reuse passed 1"});
}

TEST_F(Dedupe, IdentityTakesWholeFieldsAndTellsPlacesApart) {
  auto const hash = [](const std::string& text, std::vector<MessageIdentity::Part> parts,
                       std::string_view source = {}) {
    Er7Parser parser;
    return MessageIdentity(std::move(parts)).of(*parser.parse(text), source);
  };
  auto const at = [](std::string_view path) {
    return MessageIdentity::Part{false, *Path::parse(path)};
  };
  std::string const one = message("1~2"), other = message("1~3");
  EXPECT_NE(hash(one, {at("MSH-10")}), hash(other, {at("MSH-10")})) << "all repetitions";
  EXPECT_EQ(hash(one, {at("MSH-10.1")}), hash(other, {at("MSH-10.1")}));
  EXPECT_NE(hash(one, {at("MSH-10")}), hash(one, {at("MSH-3"), at("MSH-10")}));
  EXPECT_NE(hash(message("P"), {at("MSH-10")}), hash(message("P"), {at("MSH-11")}))
      << "P at both places";
  MessageIdentity::Part const source{true, {}};
  EXPECT_NE(hash(one, {source, at("MSH-10")}, "a"), hash(one, {source, at("MSH-10")}, "b"));
  EXPECT_EQ(hash(message(""), {source, at("MSH-3"), at("MSH-10")}, "a"), 0u) << "nothing names it";
}

TEST_F(Dedupe, WindowsByCountAndByTime) {
  std::string const between = message("2", "2") + message("3", "3");
  EXPECT_EQ(run(message("1") + between + message("1"), test::settings({{"window", "3"}}))
                .account.duplicates,
            1u);
  EXPECT_EQ(run(message("1") + between + message("1"), test::settings({{"window", "2"}}))
                .account.duplicates,
            0u);
  auto const day = test::settings({{"window_time", "24h"}});
  EXPECT_EQ(
      run(message("1", "1", "20240301") + message("1", "1", "20240302"), day).account.duplicates,
      1u);
  EXPECT_EQ(
      run(message("1", "1", "20240301") + message("1", "1", "20240303"), day).account.duplicates,
      0u);
}

TEST_F(Dedupe, BatchesDoNotMatter) {
  std::string text;
  for (int k = 0; k < 400; ++k) text += message(std::to_string(k % 150), std::to_string(k % 90));
  Outcome const one = run(text);
  for (std::size_t const size : {200u, 1000u, 20'000u}) {
    Outcome const other = run(text, test::settings({}), size);
    EXPECT_EQ(repeats(other), repeats(one));
    EXPECT_EQ(other.messages, one.messages);
  }
}

TEST_F(Dedupe, StateOutlivesTheRun) {
  auto const remembered = test::settings({{"state", state()}, {"window", "1000"}});
  std::string day;
  for (int k = 0; k < 700; ++k) day += message(std::to_string(k), std::to_string(k));
  EXPECT_EQ(run(day, remembered, 5000).account.duplicates, 0u);
  Outcome const next = run(message("12", "12") + message("699", "699") + message("x"), remembered);
  EXPECT_EQ(repeats(next), (Texts{"12 resend dropped 688", "699 resend dropped 1",
                                  "x duplicate_send passed 602"}));
  EXPECT_EQ(run(message("x"), remembered).account.duplicates, 1u);
  auto const forgetful = test::settings({{"state", state()}, {"keep_state", "false"}});
  EXPECT_EQ(run(message("12"), forgetful).account.duplicates, 0u);
}

TEST_F(Dedupe, AStateKeepsToItsChoices) {
  auto const remembered = test::settings({{"state", state()}});
  EXPECT_EQ(run(message("1") + message("2", "2"), remembered).account.written, 2u);
  EXPECT_EQ(run(message("1"), remembered).account.duplicates, 1u);
  for (auto const& [option, value] :
       {std::pair("identity", "MSH-10"), std::pair("ignore", "OBX-5")}) {
    auto stage = make_stage("dedupe", test::settings({{"state", state()}, {option, value}}));
    ASSERT_TRUE(stage);
    auto const opened = (*stage)->open_state("");
    ASSERT_FALSE(opened) << option;
    EXPECT_EQ(opened.error().code, ErrorCode::usage);
    EXPECT_NE(opened.error().text.find("identity MSH-3 MSH-4 MSH-10; ignore"), std::string::npos)
        << opened.error().text;
  }
  // What is only done with repeats may change.
  EXPECT_EQ(run(message("3", "2"), test::settings({{"state", state()}, {"duplicate_send", "drop"}}))
                .account.duplicates,
            1u);
}

TEST_F(Dedupe, WrongOptionsSayWhat) {
  for (auto const& [option, value] :
       {std::pair("resend", "maybe"), std::pair("window", "0"), std::pair("window_time", "1 year"),
        std::pair("ignore", "PID-3.1"), std::pair("duplicate_send", ""),
        std::pair("identity", "MSH-"), std::pair("identity", "OBX(*)-5"),
        std::pair("identity", "PID-3(*)"), std::pair("identity", "MSH-3"),
        std::pair("identity", "source")}) {
    auto const made = make_stage("dedupe", test::settings({{option, value}}));
    ASSERT_FALSE(made) << option;
    EXPECT_EQ(made.error().code, ErrorCode::bad_option) << made.error().text;
  }
  auto const feeds = parse_yaml("feeds:\n  - { resend: pass }\n", "test");
  EXPECT_FALSE(make_stage("dedupe", *feeds));
  auto const nearly = make_stage("dedupe", test::settings({{"identity", "sorce"}}));
  ASSERT_FALSE(nearly);
  EXPECT_NE(nearly.error().text.find("did you mean \"source\"?"), std::string::npos)
      << nearly.error().text;
}

TEST_F(Dedupe, AStateIsOneProcessesAndOneStages) {
  auto const held = StateStore::open(state());
  ASSERT_TRUE(held);
  auto stage = make_stage("dedupe", test::settings({{"state", state()}}));
  ASSERT_TRUE(stage);
  auto const opened = (*stage)->open_state("");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::exists) << opened.error().text;
  auto in_memory = make_stage("dedupe", test::settings({}));
  EXPECT_FALSE((*in_memory)->open_state("12")) << "nothing to go on with";
}

TEST(RecentIndex, FindsWhatIsInTheWindowAndLittleElse) {
  std::mt19937_64 random(7);
  constexpr std::uint32_t window = 5000;
  // Past the place where the numbers of groups, which have 11 bits here, begin again.
  constexpr std::uint32_t group = RecentIndex::group_size, count = 2048 * group + 300'000;
  RecentIndex index(window);
  std::vector<std::uint64_t> inserted;
  std::unordered_map<std::uint64_t, std::uint32_t> newest;
  std::size_t wrong = 0, placed = 0;
  for (std::uint32_t next = 0; next < count; ++next) {
    std::uint64_t const probe = next > 10 && next % 3 == 0
                                    ? inserted[next - 1 - random() % std::min(next, window * 2)]
                                    : random();
    std::uint32_t known = 0;
    index.find(probe, next, [&](std::uint64_t newest_back, std::uint64_t oldest_back) {
      ASSERT_LE(newest_back, std::min(next, window + group - 1));
      ASSERT_GE(newest_back, 1u);
      ASSERT_LT(oldest_back - newest_back, group);
      std::uint64_t back = newest_back;
      while (back <= std::min<std::uint64_t>(oldest_back, next) && inserted[next - back] != probe)
        ++back;
      bool const found = back <= std::min<std::uint64_t>(oldest_back, next);
      wrong += found ? 0 : 1;
      if (found && back <= window) known = static_cast<std::uint32_t>(back);
    });
    auto const expected = newest.find(probe);
    bool const lives = expected != newest.end() && next - expected->second <= window;
    ASSERT_EQ(known, lives ? next - expected->second : 0) << next;
    if (next % group == 0) index.renew(next);
    auto const place = index.find_place(index.home_of(probe), probe, index.span_at(next));
    if (place.line != nullptr) {
      ASSERT_EQ(known, 0u) << "an entry has it, and there is no second place for it";
      index.enter_at(place, probe, index.span_at(next));
      ++placed;
    } else {
      index.enter(probe, next, known);
    }
    newest[probe] = next;
    inserted.push_back(probe);
  }
  EXPECT_EQ(index.forgotten(), 0u);
  EXPECT_GT(placed, count * 0.6) << "what is new nearly always finds its place at once";
  EXPECT_LT(wrong, 10u) << "29 bits of the hash, and the line";
  EXPECT_LE(static_cast<double>(index.memory()) / (window + 2 * group), 13);
}

TEST(RecentIndex, TakesTwelveBytesAnEntry) {
  // A window is rounded up to groups, which counts in small ones only.
  for (std::uint64_t const window : {1'000'000u, 4'000'000u, 50'000'000u}) {
    RecentIndex const index(window);
    EXPECT_LE(static_cast<double>(index.memory()) / static_cast<double>(window), 11.5) << window;
  }
}

TEST(RecentIndex, BeginsWhereverALogDoes) {
  // Of a state that goes on, numbers begin anywhere: an empty slot must be none of theirs.
  std::mt19937_64 random(8);
  constexpr std::uint64_t window = 20'000;
  for (int round = 0; round < 40; ++round) {
    std::uint64_t const begin = random() % (std::uint64_t{1} << 34);
    RecentIndex index(window, begin);
    std::vector<std::uint64_t> inserted;
    for (std::uint64_t next = begin; next < begin + 2 * window; ++next) {
      inserted.push_back(random());
      if (next % RecentIndex::group_size == 0) index.renew(next);
      index.enter(inserted.back(), next);
    }
    ASSERT_EQ(index.forgotten(), 0u) << begin;
    for (std::uint64_t back = 1; back <= window; back += 7) {
      bool found = false;
      index.find(inserted[inserted.size() - back], begin + 2 * window,
                 [&](std::uint64_t newest, std::uint64_t oldest) {
                   found |= newest <= back && back <= oldest;
                 });
      ASSERT_TRUE(found) << begin << ' ' << back;
    }
  }
}

TEST(RecentIndex, OneHashOverAndOverForgetsTheOldest) {
  RecentIndex index(100'000);
  for (std::uint32_t next = 0; next < 2000; ++next) index.enter(42, next);
  std::size_t found = 0;
  index.find(42, 2000, [&](std::uint64_t, std::uint64_t) { ++found; });
  EXPECT_GE(found, 500u);
  EXPECT_GT(index.forgotten(), 0u);
}

TEST(RecentTags, FindsAllThatHaveThem) {
  // Past the place where numbers begin again, with so few tags that many are alike.
  std::mt19937_64 random(9);
  constexpr std::uint64_t begin = 400'000, kept = 1 << 19;
  RecentTags tags(begin);
  using Has = RecentTags::Has;
  struct Message {
    std::uint64_t id, content;
  };
  std::vector<Message> all;
  auto const one = [&] { return Message{random() % 40, random() % 40}; };
  auto const tag_of = [](const Message& message) {
    return RecentTags::tag_of(message.id, message.content);
  };
  for (std::uint64_t next = begin; next < begin + 2 * kept; ++next) {
    std::uint64_t const back = 1 + random() % std::min(kept + 2000, next - begin + 2000);
    std::uint64_t const first = next - std::min(next, back);
    ASSERT_EQ(tags.has(first, next), first >= begin && back <= kept);
    if (next % 1009 == 0 && tags.has(first, next)) {
      std::uint64_t const end = std::min(next, first + 1 + random() % 1360);
      Message const message = one();
      RecentTags::Tag const wanted = tag_of(message);
      std::vector<std::uint64_t> ids, contents, both, stopped;
      auto const into = [](std::vector<std::uint64_t>& numbers) {
        return [&numbers](std::uint64_t number) {
          numbers.push_back(number);
          return false;
        };
      };
      tags.find(first, end, wanted, Has::id, into(ids));
      tags.find(first, end, wanted, Has::content, into(contents));
      tags.find(first, end, wanted, Has::both, into(both));
      tags.find(first, end, wanted, Has::id, [&](std::uint64_t number) {
        stopped.push_back(number);
        return true;
      });
      std::vector<std::uint64_t> expected_ids, expected_contents, expected_both;
      for (std::uint64_t number = end; number-- > first;) {
        auto const& there = all[number - begin];
        if (there.id == message.id) expected_ids.push_back(number);
        if (there.content == message.content) expected_contents.push_back(number);
        if (there.id == message.id && there.content == message.content)
          expected_both.push_back(number);
      }
      ASSERT_EQ(ids, expected_ids);
      ASSERT_EQ(contents, expected_contents);
      ASSERT_EQ(both, expected_both);
      expected_ids.resize(std::min<std::size_t>(expected_ids.size(), 1));
      ASSERT_EQ(stopped, expected_ids);
    }
    all.push_back(one());
    tags.enter(next, tag_of(all.back()));
  }
}

TEST(StateStore, KeepsWhatWasSynced) {
  std::string const folder = ::testing::TempDir() + "state_store";
  std::filesystem::remove_all(folder);
  {
    auto const store = StateStore::open(folder);
    ASSERT_TRUE(store);
    EXPECT_EQ((*store)->mark(), "");
    for (std::uint64_t k = 0; k < 100; ++k)
      ASSERT_TRUE((*store)->put(numbered_key('a', k), std::to_string(k)));
    ASSERT_TRUE((*store)->erase_range(numbered_key('a', 10), numbered_key('a', 20)));
    ASSERT_TRUE((*store)->erase(numbered_key('a', 3)));
    ASSERT_TRUE((*store)->sync("one"));
  }
  auto const store = StateStore::open(folder);
  ASSERT_TRUE(store);
  EXPECT_EQ((*store)->mark(), "one");
  EXPECT_EQ(**(*store)->get(numbered_key('a', 99)), "99");
  EXPECT_FALSE(*(*store)->get(numbered_key('a', 15)));
  std::vector<std::uint64_t> keys;
  ASSERT_TRUE((*store)->for_each(numbered_key('a', 2), numbered_key('a', 22),
                                 [&](std::string_view key, std::string_view) {
                                   keys.push_back(number_in(key));
                                   return true;
                                 }));
  EXPECT_EQ(keys, (std::vector<std::uint64_t>{2, 4, 5, 6, 7, 8, 9, 20, 21}));
  ASSERT_TRUE(StateStore::remove(folder) || true);
}

}  // namespace
}  // namespace hl7flow
