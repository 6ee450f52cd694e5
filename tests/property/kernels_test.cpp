// Every SIMD kernel against the scalar one, on random and adversarial bytes, at every alignment.

#include <hl7flow/parsers/simd/kernels.h>

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace hl7flow::simd {
namespace {

constexpr std::string_view alphabets[] = {"\r|^~\\&abcdefgh", "|\r",
                                          "\r\n|MSHPID",      "ABC|\r\n\x0b\x1c",
                                          "|||||||||||||||a", "\x80\xfc\xdc\x8d|\r\x7c\x5c"};

std::string random_text(std::mt19937& random, std::string_view alphabet, std::size_t size) {
  std::string text(size, ' ');
  for (char& c : text) c = alphabet[random() % alphabet.size()];
  return text;
}

std::string padded(const std::string& text) { return text + std::string(padding, '|'); }

struct Indexed {
  std::vector<std::uint32_t> marks, begins, ranks;
  std::uint64_t carry;
  bool other, stray, high, control;
  bool operator==(const Indexed&) const = default;
};

Indexed index_with(const Kernel& kernel, const std::string& text, std::size_t begin,
                   std::size_t size, std::size_t cut, IndexRequest request) {
  Indexed result;
  for (auto* values : {&result.marks, &result.begins, &result.ranks})
    values->resize(size + 3 * slack);
  IndexOutput output{result.marks.data(),
                     result.begins.data(),
                     result.ranks.data(),
                     0,
                     0,
                     false,
                     false,
                     false,
                     false};
  kernel.index(text.data(), begin, cut, request, output);
  kernel.index(text.data(), cut, size, request, output);
  result.marks.resize(output.mark_count);
  result.begins.resize(static_cast<std::size_t>(output.segment_begin - result.begins.data()));
  result.ranks.resize(static_cast<std::size_t>(output.segment_mark - result.ranks.data()));
  result.carry = output.carry;
  result.other = output.saw_other;
  result.stray = output.saw_stray_other;
  result.high = output.saw_high;
  result.control = output.saw_control;
  return result;
}

class Kernels : public testing::TestWithParam<std::size_t> {
 protected:
  const Kernel& kernel() const { return *kernels[GetParam()]; }
  void SetUp() override {
    if (!kernel().supported()) GTEST_SKIP() << kernel().name << " is not supported by this machine";
  }
};

TEST_P(Kernels, ScanAsTheScalarOne) {
  std::mt19937 random(1);
  Needles const needles{{'\r', '|', '^', '~', '\\', '&'}, 6};
  for (std::size_t round = 0; round < 3000; ++round) {
    std::size_t const size = round < 300 ? round : random() % 9000;
    std::string const text = padded(random_text(random, alphabets[round % 6], size));
    std::size_t const begin = size == 0 ? 0 : random() % std::min<std::size_t>(size, 70);
    std::vector<std::uint32_t> wanted(size + slack), got(size + 2 * slack);
    wanted.resize(scalar.scan(text.data(), begin, size, needles, wanted.data()));
    got.resize(kernel().scan(text.data(), begin, size, needles, got.data()));
    ASSERT_EQ(got, wanted) << "size " << size << " begin " << begin;
  }
}

TEST_P(Kernels, IndexAsTheScalarOne) {
  std::mt19937 random(2);
  for (std::size_t round = 0; round < 3000; ++round) {
    std::size_t const size = round < 300 ? round : random() % 9000;
    std::string const text = padded(random_text(random, alphabets[round % 6], size));
    std::size_t const begin = size == 0 ? 0 : random() % std::min<std::size_t>(size, 70);
    std::size_t const cut = begin + (size == begin ? 0 : random() % (size - begin));
    IndexRequest const request =
        round % 2 == 0 ? IndexRequest{'|', '\r', '\n'} : IndexRequest{'|', '\n', '\r'};
    ASSERT_EQ(index_with(kernel(), text, begin, size, cut, request),
              index_with(scalar, text, begin, size, begin, request))
        << "size " << size << " begin " << begin << " cut " << cut;
  }
}

TEST_P(Kernels, IdentifyAsTheScalarOne) {
  std::mt19937 random(3);
  constexpr std::string_view ids[] = {"MSH|",  "PID|", "OBX|", "ZZ1|",    "FHS|",
                                      "BTS|",  "ADD|", "DSC|", "msh|",    "1AB|",
                                      "AB\r|", "MSH^", "A_C|", "A1\xff|", "\xfeSH|"};
  for (std::size_t round = 0; round < 500; ++round) {
    std::string text;
    std::vector<std::uint32_t> begins;
    for (std::size_t count = random() % 70; count > 0; --count) {
      begins.push_back(static_cast<std::uint32_t>(text.size()));
      text += ids[random() % std::size(ids)];
      text += random_text(random, "abc", random() % 9);
    }
    text = padded(text);
    std::size_t const count = begins.size();
    std::vector<std::uint32_t> wanted(count + slack), got(count + slack);
    std::vector<std::uint32_t> wanted_headers(count + slack), got_headers(count + slack);
    std::size_t wanted_count = 0, got_count = 0;
    std::size_t const wanted_irregular =
        scalar.identify(text.data(), begins.data(), count, '|', wanted.data(),
                        wanted_headers.data(), &wanted_count);
    std::size_t const irregular = kernel().identify(text.data(), begins.data(), count, '|',
                                                    got.data(), got_headers.data(), &got_count);
    wanted.resize(count), got.resize(count);
    wanted_headers.resize(wanted_count), got_headers.resize(got_count);
    ASSERT_EQ(got, wanted);
    ASSERT_EQ(irregular, wanted_irregular);
    ASSERT_EQ(got_headers, wanted_headers);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Kernels, testing::Range<std::size_t>(0, kernel_count),
                         [](const auto& named) { return std::string(kernels[named.param]->name); });

}  // namespace
}  // namespace hl7flow::simd
