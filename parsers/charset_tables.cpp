#include <hl7flow/parsers/charset_tables.h>

#include <array>
#include <memory>

namespace hl7flow {
namespace {

constexpr std::size_t charset_count = static_cast<std::size_t>(Charset::unknown);

/// The C library's name. Vendors' supersets are what senders mean: CP932 and CP949 add characters
/// that Shift_JIS and EUC-KR lack, and move none that HL7 text has.
const char* iconv_name(Charset charset) noexcept {
  switch (charset) {
    case Charset::windows_1252:
      return "CP1252";
    case Charset::iso_8859_2:
      return "ISO-8859-2";
    case Charset::iso_8859_3:
      return "ISO-8859-3";
    case Charset::iso_8859_4:
      return "ISO-8859-4";
    case Charset::iso_8859_5:
      return "ISO-8859-5";
    case Charset::iso_8859_6:
      return "ISO-8859-6";
    case Charset::iso_8859_7:
      return "ISO-8859-7";
    case Charset::iso_8859_8:
      return "ISO-8859-8";
    case Charset::iso_8859_9:
      return "ISO-8859-9";
    case Charset::iso_8859_15:
      return "ISO-8859-15";
    case Charset::shift_jis:
      return "CP932";
    case Charset::euc_jp:
      return "EUC-JP-MS";
    case Charset::gb_18030:
      return "GB18030";
    case Charset::euc_kr:
      return "CP949";
    case Charset::euc_tw:
      return "EUC-TW";
    case Charset::big5:
      return "BIG5";
    default:
      return nullptr;
  }
}

class Handle {
 public:
  Handle() = default;
  Handle(const char* to, const char* from) : handle_(iconv_open(to, from)) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, closed())) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Handle() {
    if (is_open()) iconv_close(handle_);
  }
  bool is_open() const noexcept { return handle_ != closed(); }
  iconv_t get() const noexcept { return handle_; }

  /// The one UTF-16 unit that `bytes` stand for, or no_character.
  char16_t character(std::string_view bytes) const noexcept {
    if (!is_open()) return no_character;
    std::array<char, 8> source{};
    bytes.copy(source.data(), source.size());
    std::array<unsigned char, 8> target{};
    char* in = source.data();
    char* out = reinterpret_cast<char*>(target.data());
    std::size_t in_left = bytes.size();
    std::size_t out_left = target.size();
    iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    std::size_t const done = iconv(handle_, &in, &in_left, &out, &out_left);
    if (done == static_cast<std::size_t>(-1) || out_left != target.size() - 2) return no_character;
    return static_cast<char16_t>(target[0] | (target[1] << 8));
  }

 private:
  static iconv_t closed() noexcept { return reinterpret_cast<iconv_t>(-1); }
  iconv_t handle_ = closed();
};

std::unique_ptr<SingleByteTable> make_single_byte_table(Charset charset) {
  auto table = std::make_unique<SingleByteTable>();
  if (charset == Charset::jis_x_0201) {  // not in the C library: half-width katakana, in order
    for (unsigned i = 0; i < 128; ++i) {
      unsigned const byte = 0x80 + i;
      bool const kana = byte >= 0xA1 && byte <= 0xDF;
      table->upper[i] = kana ? static_cast<char16_t>(0xFF61 + byte - 0xA1) : no_character;
    }
    table->available = true;
    return table;
  }
  Handle const handle("UTF-16LE", iconv_name(charset));
  table->available = handle.is_open();
  for (unsigned i = 0; i < 128; ++i) {
    char const byte = static_cast<char>(0x80 + i);
    char16_t const found = handle.character({&byte, 1});
    // The five bytes that windows-1252 leaves undefined are the controls of ISO 8859-1.
    bool const control = charset == Charset::windows_1252 && found == no_character;
    table->upper[i] = control ? static_cast<char16_t>(0x80 + i) : found;
  }
  return table;
}

std::unique_ptr<DoubleByteTable> make_double_byte_table(DoubleByteSet set) {
  auto table = std::make_unique<DoubleByteTable>();
  bool const japanese = set == DoubleByteSet::jis_x_0208 || set == DoubleByteSet::jis_x_0212;
  Handle const handle("UTF-16LE", japanese                        ? "EUC-JP-MS"
                                  : set == DoubleByteSet::gb_2312 ? "EUC-CN"
                                                                  : "EUC-KR");
  for (unsigned row = 0; row < 94; ++row) {
    for (unsigned column = 0; column < 94; ++column) {
      char const sequence[] = {'\x8F', static_cast<char>(0xA1 + row),
                               static_cast<char>(0xA1 + column)};
      std::string_view const all(sequence, 3);
      table->cell[row * 94 + column] =
          handle.character(set == DoubleByteSet::jis_x_0212 ? all : all.substr(1));
    }
  }
  return table;
}

/// All that a thread keeps. Filled as sets are met.
struct ThreadSets {
  std::array<std::unique_ptr<SingleByteTable>, charset_count> single;
  std::array<std::unique_ptr<DoubleByteTable>, 4> twice;
  std::array<Handle, charset_count> handles;
};

ThreadSets& thread_sets() {
  thread_local ThreadSets sets;
  return sets;
}

}  // namespace

const SingleByteTable& single_byte_table(Charset charset) {
  auto& table = thread_sets().single[static_cast<std::size_t>(charset)];
  if (!table) table = make_single_byte_table(charset);
  return *table;
}

int byte_of(char32_t character, Charset charset) {
  SingleByteTable const& table = single_byte_table(charset);
  for (int i = 0; i < 128; ++i)
    if (table.upper[i] == character && character != no_character) return 0x80 + i;
  return -1;
}

const DoubleByteTable& double_byte_table(DoubleByteSet set) {
  auto& table = thread_sets().twice[static_cast<std::size_t>(set)];
  if (!table) table = make_double_byte_table(set);
  return *table;
}

iconv_t multibyte_handle(Charset charset) {
  Handle& handle = thread_sets().handles[static_cast<std::size_t>(charset)];
  if (!handle.is_open()) handle = Handle("UTF-8", iconv_name(charset));
  if (!handle.is_open()) return nullptr;
  iconv(handle.get(), nullptr, nullptr, nullptr, nullptr);
  return handle.get();
}

}  // namespace hl7flow
