// How long does it take to read a time or a number? Every typed column pays this for each row.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include <hl7flow/parsers/datetime.h>
#include <hl7flow/parsers/number.h>

namespace hl7flow {
namespace {

/// Enough different values that branches cannot be learnt by heart, few enough for the first cache.
constexpr std::size_t value_count = 1024;

/// Values one behind the other, as in a batch.
struct Texts {
  std::string bytes;
  std::vector<std::size_t> begin{0};

  std::string_view operator[](std::size_t k) const {
    return {bytes.data() + begin[k], begin[k + 1] - begin[k]};
  }
};

template <class Make>
Texts values(Make make) {
  std::mt19937 random(1);
  Texts out;
  for (std::size_t k = 0; k < value_count; ++k) {
    out.bytes += make([&](int low, int high) {
      return low + static_cast<int>(random() % static_cast<std::uint32_t>(high - low + 1));
    });
    out.begin.push_back(out.bytes.size());
  }
  return out;
}

Texts times(std::size_t digits, const char* suffix) {
  return values([&](auto pick) {
    char text[32];
    std::snprintf(text, sizeof text, "%04d%02d%02d%02d%02d%02d", pick(1930, 2030), pick(1, 12),
                  pick(1, 28), pick(0, 23), pick(0, 59), pick(0, 59));
    return std::string(text, digits) + suffix;
  });
}

/// Fills a column, as stages do.
template <class Read>
void measure(benchmark::State& state, const Texts& texts, Read read) {
  using Value = typename decltype(read(std::string_view{}))::value_type;
  std::vector<Value> column(value_count);
  for (std::size_t k = 0; k < value_count; ++k)
    if (!read(texts[k])) return state.SkipWithError("a value was not read");
  for (auto _ : state) {
    for (std::size_t k = 0; k < value_count; ++k)
      if (auto const value = read(texts[k])) column[k] = *value;
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(value_count));
}

auto const read_micros = [](std::string_view text) { return parse_epoch_micros(text, 0); };
auto const read_days = [](std::string_view text) { return parse_epoch_days(text); };

void day(benchmark::State& state) { measure(state, times(8, ""), read_days); }
void micros_of_second(benchmark::State& state) { measure(state, times(14, ""), read_micros); }
void micros_of_minute(benchmark::State& state) { measure(state, times(12, ""), read_micros); }
void micros_of_second_and_zone(benchmark::State& state) {
  measure(state, times(14, "-0500"), read_micros);
}
void micros_of_fraction_and_zone(benchmark::State& state) {
  measure(state, times(14, ".1234-0500"), read_micros);
}
void plain_reader(benchmark::State& state) { measure(state, times(14, ""), parse_datetime); }
void number(benchmark::State& state) {
  measure(state, values([](auto pick) {
            std::string const whole = std::to_string(pick(0, 999));
            return pick(0, 1) == 0 ? whole : whole + '.' + std::to_string(pick(0, 99));
          }),
          parse_double);
}

BENCHMARK(day);
BENCHMARK(micros_of_second);
BENCHMARK(micros_of_minute);
BENCHMARK(micros_of_second_and_zone);
BENCHMARK(micros_of_fraction_and_zone);
BENCHMARK(plain_reader);
BENCHMARK(number);

}  // namespace
}  // namespace hl7flow
