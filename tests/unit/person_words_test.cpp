// The forms in which words of persons are compared: letters of other scripts, words of addresses.

#include <hl7flow/parsers/linkage/address_words.h>
#include <hl7flow/parsers/linkage/latin_letters.h>
#include <hl7flow/parsers/linkage/packed_comparer.h>

namespace hl7flow::linkage {
namespace {

TEST(LatinLetters, OfLatinScripts) {
  for (auto const& [text, latin] :
       {std::pair("Groß", "Gross"), std::pair("GROẞ", "GROss"), std::pair("Ærø", "aero"),
        std::pair("Þór", "thor"), std::pair("Œuvre", "oeuvre"), std::pair("Łukasz", "lukasz"),
        std::pair("Ștefan Țîrlea", "stefan tirlea"),
        std::pair("Nguyễn Văn Dũng", "Nguyen Van Dung"),
        std::pair("Trần Thị Ngọc Ánh", "Tran Thi Ngoc anh"),
        std::pair("Ngô Đức Ưng", "Ngo duc ung"), std::pair("Zoe\xcc\x88", "Zoe"),
        std::pair("O’Brien", "O'Brien"), std::pair("Smith‑Jones", "Smith-Jones"),
        std::pair("a\xc2\xa0z", "a z")})
    EXPECT_EQ(latin_letters(text), latin) << text;
}

TEST(LatinLetters, OfCyrillicAndGreek) {
  for (auto const& [text, latin] :
       {std::pair("Иван Щербаков", "ivan shcherbakov"), std::pair("Юлия Жукова", "yuliya zhukova"),
        std::pair("Хрущёв", "khrushchev"), std::pair("Ильин", "ilin"),
        std::pair("Євген Їжакевич", "yevgen yizhakevich"), std::pair("Ґалаґан", "galagan"),
        std::pair("Љубица Ђорђевић", "ljubitsa djordjevic"), std::pair("ЦВЕТАНА", "tsvetana"),
        std::pair("Γιώργος Παπαδόπουλος", "giorgos papadopoulos"),
        std::pair("Ευάγγελος Αυγέρης", "evangelos avgeris"), std::pair("Ευτυχία", "eftychia"),
        std::pair("Μπάμπης Λάμπρου", "bampis lamprou"), std::pair("ΧΡΗΣΤΟΥ", "christou"),
        std::pair("Μαΐου", "maiou"), std::pair("Ψαρού Θεά", "psarou thea")})
    EXPECT_EQ(latin_letters(text), latin) << text;
}

TEST(LatinLetters, LeaveWhatIsNotKnown) {
  for (const char* const text : {"plain 12", "山田", "محمد", "\xff\xfe", "caf\xe9", "\xc3",
                                 "\xe2\x80", "\xf4\x90\x80\x80", ""})
    EXPECT_EQ(latin_letters(text), text);
}

TEST(AddressWords, AreThoseOfPublication28) {
  for (auto const& [text, form] : {std::pair("12 North Main Street", "12 n main st"),
                                   std::pair("12 N. Main St.", "12 n main st"),
                                   std::pair("7 Oak Avenue, Apartment 4B", "7 oak ave 4b"),
                                   std::pair("7 OAK AVE APT 4B", "7 oak ave 4b"),
                                   std::pair("7 Oak Av #4b", "7 oak ave 4b"),
                                   std::pair("7 Oak Ave # 4B", "7 oak ave 4b"),
                                   std::pair("7 Oak Ave Unit #4B", "7 oak ave 4b"),
                                   std::pair("Apt 4B 7 Oak Ave", "7 oak ave 4b"),
                                   std::pair("Flat 2, 9 High Street", "9 high st 2"),
                                   std::pair("100 Plaza Boulevard Suite 300", "100 plz blvd 300"),
                                   std::pair("P.O. Box 123", "po box 123"),
                                   std::pair("PO BOX 123", "po box 123"),
                                   std::pair("P O Box 123", "po box 123"),
                                   std::pair("Post Office Box 123", "po box 123"),
                                   std::pair("Box 123", "po box 123"),
                                   std::pair("POB 123", "po box 123"),
                                   std::pair("Rural Route 2", "rr 2"),
                                   std::pair("500 Fifth Avenue", "500 5th ave"),
                                   std::pair("5 Southwest Parkway", "5 sw pkwy"),
                                   std::pair("1 Unit Road", "1 unit rd"),
                                   std::pair("Hauptstraße 5", "hauptstrasse 5")})
    EXPECT_EQ(normal_value(Role::address_line_1, text), form) << text;
  EXPECT_EQ(normal_value(Role::address_line_2, "Apt. 4-B"),
            normal_value(Role::address_line_2, "#4 B"));
  EXPECT_EQ(normal_value(Role::family_name, "Street"), "street") << "a name stays a name";
  EXPECT_EQ(address_words(""), "");
}

TEST(PackedPerson, IsTheSameHoweverItIsSpelled) {
  PersonTexts one, other;
  one.given_name = "Γιώργος";
  one.family_name = "Groß";
  one.address_line = "12 North Main Street Apartment 4B";
  one.postcode = "62704-1234";
  one.phone = "+1 (555) 203-4411";
  other.given_name = "GIORGOS";
  other.family_name = "Gross";
  other.address_line = "12 N MAIN ST #4B";
  other.postcode = "62704";
  other.phone = "5552034411";
  EXPECT_EQ(pack(one), pack(other));
}

}  // namespace
}  // namespace hl7flow::linkage
