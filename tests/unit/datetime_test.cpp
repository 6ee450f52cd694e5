#include <hl7flow/parsers/datetime.h>

#include <gtest/gtest.h>

#include <array>
#include <ctime>
#include <random>

namespace hl7flow {
namespace {

using enum Precision;

std::string show(const DateTime& value) {
  char text[80];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d.%06u p%d", value.year,
                value.month, value.day, value.hour, value.minute, value.second, value.micros,
                static_cast<int>(value.precision));
  return value.zone_minutes ? text + (" z" + std::to_string(*value.zone_minutes)) : text;
}

std::string read(std::string_view text) {
  auto const value = parse_datetime(text);
  if (value) return show(*value);
  return std::string(name(value.error().code)) + "@" + std::to_string(value.error().offset);
}

TEST(DateTime, EveryPrecision) {
  EXPECT_EQ(read("2024"), "2024-01-01 00:00:00.000000 p0");
  EXPECT_EQ(read("202402"), "2024-02-01 00:00:00.000000 p1");
  EXPECT_EQ(read("20240229"), "2024-02-29 00:00:00.000000 p2");
  EXPECT_EQ(read("2024022923"), "2024-02-29 23:00:00.000000 p3");
  EXPECT_EQ(read("202402292359"), "2024-02-29 23:59:00.000000 p4");
  EXPECT_EQ(read("20240229235958"), "2024-02-29 23:59:58.000000 p5");
  EXPECT_EQ(read("20240229235958.1"), "2024-02-29 23:59:58.100000 p6");
  EXPECT_EQ(read("20240229235958.1234"), "2024-02-29 23:59:58.123400 p6");
}

TEST(DateTime, ZoneAtAnyPrecision) {
  EXPECT_EQ(read("2024+0100"), "2024-01-01 00:00:00.000000 p0 z60");
  EXPECT_EQ(read("202402-0500"), "2024-02-01 00:00:00.000000 p1 z-300");
  EXPECT_EQ(read("20240229+0530"), "2024-02-29 00:00:00.000000 p2 z330");
  EXPECT_EQ(read("2024022923-0330"), "2024-02-29 23:00:00.000000 p3 z-210");
  EXPECT_EQ(read("202402292359+1400"), "2024-02-29 23:59:00.000000 p4 z840");
  EXPECT_EQ(read("20240229235958-0000"), "2024-02-29 23:59:58.000000 p5 z0");
  EXPECT_EQ(read("20240229235958.1234-0600"), "2024-02-29 23:59:58.123400 p6 z-360");
}

TEST(DateTime, FinerThanAMicrosecondIsCutOff) {
  EXPECT_EQ(read("20240101000000.999999999"), "2024-01-01 00:00:00.999999 p6");
  EXPECT_EQ(read("20240101000000.000001"), "2024-01-01 00:00:00.000001 p6");
  EXPECT_EQ(read("20240101000000.0000009+0000"), "2024-01-01 00:00:00.000000 p6 z0");
  EXPECT_EQ(read("20240101000000.1234567890"), "bad_datetime@24");
}

TEST(DateTime, CalendarIsStrict) {
  EXPECT_EQ(read("20230229"), "bad_datetime@6");
  EXPECT_EQ(read("19000229"), "bad_datetime@6");
  EXPECT_EQ(read("20000229"), "2000-02-29 00:00:00.000000 p2");
  EXPECT_EQ(read("20240431"), "bad_datetime@6");
  EXPECT_EQ(read("20241331"), "bad_datetime@4");
  EXPECT_EQ(read("20240031"), "bad_datetime@4");
  EXPECT_EQ(read("20240100"), "bad_datetime@6");
  EXPECT_EQ(read("2024010124"), "bad_datetime@8");
  EXPECT_EQ(read("202401012360"), "bad_datetime@10");
  EXPECT_EQ(read("20240101235960"), "bad_datetime@12");
  EXPECT_EQ(read("00000000"), "bad_datetime@0");
  EXPECT_EQ(read("00000000000000"), "bad_datetime@0");
  EXPECT_EQ(read("0000"), "bad_datetime@0");
  EXPECT_EQ(read("0001"), "0001-01-01 00:00:00.000000 p0");
  EXPECT_EQ(read("20240101+1401"), "bad_datetime@11");
  EXPECT_EQ(read("20240101+1500"), "bad_datetime@9");
  EXPECT_EQ(read("20240101-0460"), "bad_datetime@11");
}

TEST(DateTime, FormsThatRealSendersGetWrong) {
  EXPECT_EQ(read(""), "bad_datetime@0");
  EXPECT_EQ(read("\"\""), "bad_datetime@0");
  EXPECT_EQ(read("202"), "bad_datetime@3");
  EXPECT_EQ(read("20240"), "bad_datetime@5");
  EXPECT_EQ(read("99/99/9999"), "bad_datetime@2");
  EXPECT_EQ(read("2024-01-31"), "bad_datetime@7");
  EXPECT_EQ(read("2024-01-31T10:00:00"), "bad_datetime@7");
  EXPECT_EQ(read("20240131T100000"), "bad_datetime@8");
  EXPECT_EQ(read("20240131 100000"), "bad_datetime@8");
  EXPECT_EQ(read("2024013110000012"), "bad_datetime@14");
  EXPECT_EQ(read("20240131100000123"), "bad_datetime@14");
  EXPECT_EQ(read("20240131100000."), "bad_datetime@15");
  EXPECT_EQ(read("202401311000.5"), "bad_datetime@12");
  EXPECT_EQ(read("20240131100000-050"), "bad_datetime@18");
  EXPECT_EQ(read("20240131100000-05:00"), "bad_datetime@17");
  EXPECT_EQ(read("20240131100000Z"), "bad_datetime@14");
  EXPECT_EQ(read("20240131100000-05001"), "bad_datetime@19");
  EXPECT_EQ(read(" 20240131"), "bad_datetime@0");
  EXPECT_EQ(read("20240131 "), "bad_datetime@8");
}

TEST(Date, HasNeitherTimeNorZone) {
  EXPECT_EQ(parse_date("2024")->precision, year);
  EXPECT_EQ(parse_date("202402")->precision, month);
  auto const whole = parse_date("20240229");
  ASSERT_TRUE(whole);
  EXPECT_EQ(show(*whole), "2024-02-29 00:00:00.000000 p2");
  EXPECT_EQ(parse_date("2024022910").error(), (Error{ErrorCode::bad_datetime, 8}));
  EXPECT_EQ(parse_date("20240229+0100").error(), (Error{ErrorCode::bad_datetime, 8}));
  EXPECT_EQ(parse_date("").error(), (Error{ErrorCode::bad_datetime, 0}));
}

TEST(Time, EveryPrecisionAndZone) {
  EXPECT_EQ(parse_time("23").value(), (TimeOfDay{23, 0, 0, hour, 0, {}}));
  EXPECT_EQ(parse_time("2359").value(), (TimeOfDay{23, 59, 0, minute, 0, {}}));
  EXPECT_EQ(parse_time("235958").value(), (TimeOfDay{23, 59, 58, second, 0, {}}));
  EXPECT_EQ(parse_time("235958.25-0500").value(),
            (TimeOfDay{23, 59, 58, fraction, 250'000, std::int16_t{-300}}));
  EXPECT_EQ(to_day_micros(*parse_time("235958.25-0500")), 86'398'250'000);
  EXPECT_EQ(parse_time("24").error(), (Error{ErrorCode::bad_datetime, 0}));
  EXPECT_EQ(parse_time("2360").error(), (Error{ErrorCode::bad_datetime, 2}));
  EXPECT_EQ(parse_time("10:30").error(), (Error{ErrorCode::bad_datetime, 2}));
  EXPECT_EQ(parse_time("").error(), (Error{ErrorCode::bad_datetime, 0}));
}

TEST(Epoch, KnownInstants) {
  EXPECT_EQ(parse_epoch_micros("19700101", 0), 0);
  EXPECT_EQ(parse_epoch_micros("19700101000000-0100", 0), 3'600'000'000);
  EXPECT_EQ(parse_epoch_micros("19691231235959.999999", 0), -1);
  EXPECT_EQ(parse_epoch_micros("20240229120000", 0), 1'709'208'000'000'000);
  EXPECT_EQ(parse_epoch_micros("00010101", 0), -62'135'596'800'000'000);
  EXPECT_EQ(parse_epoch_micros("99991231235959.999999", 0), 253'402'300'799'999'999);
  EXPECT_EQ(parse_epoch_days("19700102"), 1);
  EXPECT_EQ(parse_epoch_days("19691231"), -1);
  EXPECT_EQ(parse_epoch_days("00010101"), -719'162);
}

TEST(Epoch, DefaultZoneAppliesOnlyWithoutOne) {
  EXPECT_EQ(parse_epoch_micros("19700101000000", 60), -3'600'000'000);
  EXPECT_EQ(parse_epoch_micros("1970", 60), -3'600'000'000);
  EXPECT_EQ(parse_epoch_micros("19700101000000+0000", 60), 0);
  EXPECT_EQ(parse_epoch_micros("1970-0030", 60), 1'800'000'000);
}

TEST(Epoch, DateStaysAsWrittenWhateverTheZone) {
  EXPECT_EQ(parse_epoch_days("19700102233000-0500"), 1);
  EXPECT_EQ(parse_epoch_days("19700102003000+1400"), 1);
}

TEST(Epoch, DaysMatchTheCLibrary) {
  for (int year_number = 1; year_number <= 9999; ++year_number)
    for (int month_number = 1; month_number <= 12; ++month_number)
      for (int const day_number : {1, 28}) {
        std::tm date{};
        date.tm_year = year_number - 1900;
        date.tm_mon = month_number - 1;
        date.tm_mday = day_number;
        ASSERT_EQ(std::int64_t{days_from_civil(static_cast<std::uint32_t>(year_number),
                                               static_cast<std::uint32_t>(month_number),
                                               static_cast<std::uint32_t>(day_number))} *
                      86400,
                  timegm(&date))
            << year_number << '-' << month_number << '-' << day_number;
      }
}

/// Every eight digits of a few centuries: valid exactly if the C library leaves the date as it is.
TEST(Epoch, CalendarMatchesTheCLibrary) {
  for (int const year_number : {1, 4, 100, 400, 1899, 1900, 1999, 2000, 2023, 2024, 2100, 9999})
    for (int month_number = 0; month_number <= 99; ++month_number)
      for (int day_number = 0; day_number <= 99; ++day_number) {
        char text[36];  // as GCC 12 counts under a sanitizer
        std::snprintf(text, sizeof text, "%04d%02d%02d", year_number, month_number, day_number);
        std::tm date{};
        date.tm_year = year_number - 1900;
        date.tm_mon = month_number - 1;
        date.tm_mday = day_number;
        std::time_t const seconds = timegm(&date);
        bool const exists = date.tm_mon == month_number - 1 && date.tm_mday == day_number &&
                            date.tm_year == year_number - 1900;
        auto const fast = parse_epoch_days(text);
        ASSERT_EQ(fast.has_value(), exists) << text;
        ASSERT_EQ(parse_datetime(text).has_value(), exists) << text;
        if (exists) {
          ASSERT_EQ(std::int64_t{*fast} * 86400, seconds) << text;
        }
      }
}

/// The fast functions must agree with the plain ones on value, precision and error.
void expect_same(const std::string& text, int default_offset) {
  auto const plain = parse_datetime(text);
  Precision precision = year;
  auto const micros = parse_epoch_micros(text, default_offset, &precision);
  ASSERT_EQ(micros.has_value(), plain.has_value()) << text;
  if (plain) {
    ASSERT_EQ(*micros, to_epoch_micros(*plain, default_offset)) << text;
    ASSERT_EQ(precision, plain->precision) << text;
  } else {
    ASSERT_EQ(micros.error(), plain.error()) << text;
  }
  precision = year;
  auto const days = parse_epoch_days(text, &precision);
  ASSERT_EQ(days.has_value(), plain.has_value()) << text;
  if (plain) {
    ASSERT_EQ(*days, to_epoch_days(*plain)) << text;
    ASSERT_EQ(precision, plain->precision) << text;
  } else {
    ASSERT_EQ(days.error(), plain.error()) << text;
  }
}

class RandomTimes {
 public:
  int below(int limit) { return static_cast<int>(random_() % static_cast<std::uint32_t>(limit)); }

  /// Mostly right: each part is now and then just over its limit.
  std::string well_formed() {
    static constexpr std::array<int, 6> limits = {9999, 13, 32, 25, 61, 61};
    std::string text;
    int const parts = 1 + below(6);
    for (int part = 0; part < parts; ++part) {
      char digits[8];
      std::snprintf(digits, sizeof digits, part == 0 ? "%04d" : "%02d",
                    below(limits[static_cast<std::size_t>(part)] + (part == 0 ? 1 : 0)));
      text += digits;
    }
    if (parts == 6 && below(2) == 0) {
      text += '.';
      for (int count = below(11); count > 0; --count) text += static_cast<char>('0' + below(10));
    }
    if (below(2) == 0) {
      char zone[8];
      std::snprintf(zone, sizeof zone, "%c%02d%02d", below(2) == 0 ? '+' : '-', below(16),
                    below(61));
      text += zone;
    }
    return text;
  }

  std::string damaged() {
    std::string text = well_formed();
    static constexpr std::string_view strange = "0123456789+-.:/ TZ\x80\xfa\xff";
    for (int count = 1 + below(2); count > 0 && !text.empty(); --count) {
      auto const at = static_cast<std::size_t>(below(static_cast<int>(text.size())));
      char const c = strange[static_cast<std::size_t>(below(static_cast<int>(strange.size())))];
      switch (below(3)) {
        case 0:
          text[at] = c;
          break;
        case 1:
          text.insert(at, 1, c);
          break;
        default:
          text.erase(at, 1);
      }
    }
    return text;
  }

 private:
  std::mt19937 random_{20240229};
};

TEST(Epoch, FastAgreesWithPlainOnRandomTimes) {
  RandomTimes random;
  int valid = 0;
  for (int round = 0; round < 300'000; ++round) {
    std::string const text = round % 3 == 0 ? random.damaged() : random.well_formed();
    ASSERT_NO_FATAL_FAILURE(expect_same(text, random.below(1000) - 500));
    valid += parse_datetime(text).has_value() ? 1 : 0;
  }
  EXPECT_GT(valid, 100'000);
  EXPECT_LT(valid, 280'000);
}

TEST(Epoch, FastAgreesWithPlainOnEveryByteAtEveryPlace) {
  for (const char* const base : {"20240229", "202402292359", "20240229235958",
                                 "20240229235958-0500", "20240229235958.1234+0530"})
    for (std::size_t at = 0; at < std::string_view(base).size(); ++at)
      for (int byte = 0; byte < 256; ++byte) {
        std::string text = base;
        text[at] = static_cast<char>(byte);
        ASSERT_NO_FATAL_FAILURE(expect_same(text, 0));
      }
}

}  // namespace
}  // namespace hl7flow
