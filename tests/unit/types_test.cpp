#include <gtest/gtest.h>

#include <hl7flow/parsers/types/coded.h>
#include <hl7flow/parsers/types/contact.h>
#include <hl7flow/parsers/types/encapsulated.h>
#include <hl7flow/parsers/types/identifier.h>
#include <hl7flow/parsers/types/person.h>
#include <hl7flow/parsers/types/place.h>

namespace hl7flow::types {
namespace {

FieldView field(std::string_view text) { return {text, Delimiters{}}; }

/// "1^2^3…": each part is its own number, so that a part out of order shows.
std::string numbered(int count) {
  std::string text = "1";
  for (int part = 2; part <= count; ++part) text += '^' + std::to_string(part);
  return text;
}

TEST(Parts, FromLeftToRight) {
  Parts parts(field("a^^c&d^~x^y"), Depth::field);
  EXPECT_EQ(parts.next().raw(), "a");
  EXPECT_EQ(parts.next().raw(), "");
  EXPECT_EQ(parts.next().raw(), "c&d");
  EXPECT_NE(parts.next().raw().data(), nullptr);
  EXPECT_EQ(parts.next().raw().data(), nullptr);
  EXPECT_EQ(parts.next().raw().data(), nullptr);
  EXPECT_EQ(parts.size(), 7u);
}

TEST(Parts, DepthDecidesTheSeparator) {
  EXPECT_EQ(Parts(field("a&b^c"), Depth::field).next().raw(), "a&b");
  EXPECT_EQ(Parts(field("a&b^c"), Depth::component).next().raw(), "a");
  EXPECT_EQ(Parts(field("a&b^c"), Depth::subcomponent).next().raw(), "a&b");
  EXPECT_EQ(Parts(field("a"), Depth::field).inner(), Depth::component);
  EXPECT_EQ(Parts(field("a"), Depth::component).inner(), Depth::subcomponent);
}

TEST(Parts, UndeclaredSeparatorSeparatesNothing) {
  FieldView const value("a&b^c", Delimiters{'|', '^', '~', '\0', '\0', '\0'});
  EXPECT_EQ(read_hd(value, Depth::component).namespace_id.raw(), "a&b");
}

TEST(Hd, InAFieldAndInAComponent) {
  Hd const in_field = read_hd(field("LAB^1.2.3^ISO"));
  EXPECT_EQ(in_field.namespace_id.raw(), "LAB");
  EXPECT_EQ(in_field.universal_id.raw(), "1.2.3");
  EXPECT_EQ(in_field.universal_id_type.raw(), "ISO");
  Hd const in_component = read_hd(field("LAB&1.2.3&ISO"), Depth::component);
  EXPECT_EQ(in_component.universal_id.raw(), "1.2.3");
  EXPECT_EQ(read_hd(field("LAB")).namespace_id.raw(), "LAB");
  EXPECT_FALSE(read_hd(field("")).has_text());
  EXPECT_TRUE(read_hd(field("^1.2.3^ISO")).has_text());
}

TEST(Ei, AuthorityFollowsTheIdentifier) {
  Ei const order = read_ei(field("4711^PLACER^1.2.3^ISO"));
  EXPECT_EQ(order.id.raw(), "4711");
  EXPECT_EQ(order.authority.namespace_id.raw(), "PLACER");
  EXPECT_EQ(order.authority.universal_id_type.raw(), "ISO");
}

TEST(Cx, EveryPart) {
  Cx const id = read_cx(
      field("123^4^M11^HOSP&1.2.3&ISO^MR^WEST&9.8&ISO^20240101^20251231^ST&State^AG^5^X~999"));
  EXPECT_EQ(id.id.raw(), "123");
  EXPECT_EQ(id.check_digit.raw(), "4");
  EXPECT_EQ(id.check_digit_scheme.raw(), "M11");
  EXPECT_EQ(id.assigning_authority.namespace_id.raw(), "HOSP");
  EXPECT_EQ(id.assigning_authority.universal_id.raw(), "1.2.3");
  EXPECT_EQ(id.type_code.raw(), "MR");
  EXPECT_EQ(id.assigning_facility.universal_id.raw(), "9.8");
  EXPECT_EQ(id.effective_date.raw(), "20240101");
  EXPECT_EQ(id.expiration_date.raw(), "20251231");
  EXPECT_EQ(read_cwe(id.assigning_jurisdiction, Depth::component).primary.text.raw(), "State");
  EXPECT_EQ(id.assigning_agency.raw(), "AG");
  EXPECT_EQ(id.security_check.raw(), "5");
  EXPECT_EQ(id.security_check_scheme.raw(), "X");
}

TEST(Cx, ShallowerValuesAreTheirOwnFirstPart) {
  for (const char* const text : {"A", "A^", "A&"}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(read_cx(field(text)).id.subcomponent(1).raw(), "A");
    EXPECT_FALSE(read_cx(field(text)).type_code.has_text());
  }
  EXPECT_EQ(read_cx(field("1^^^HOSP")).assigning_authority.namespace_id.raw(), "HOSP");
}

TEST(Cx, DeleteIndicatorStays) {
  EXPECT_TRUE(read_cx(field("\"\"")).id.is_delete());
  EXPECT_TRUE(read_cx(field("1^^^\"\"")).assigning_authority.namespace_id.is_delete());
}

TEST(Xon, IdentifierMovedFromPart3ToPart10) {
  EXPECT_EQ(read_xon(field("CLINIC^L^42^^^AUTH")).id().raw(), "42");
  EXPECT_EQ(read_xon(field("CLINIC^L^^^^AUTH^XX^^^G7")).id().raw(), "G7");
  EXPECT_EQ(read_xon(field("CLINIC")).name.raw(), "CLINIC");
  EXPECT_EQ(read_xon(field(numbered(10))).name_representation_code.raw(), "9");
}

TEST(Xpn, NameOfAPerson) {
  Xpn const name =
      read_xpn(field("van Beek&van&Beek&de&Wit^ANNA^M^JR^DR^MD^L^A^^^G^2020^2030^PhD^Annie"));
  EXPECT_EQ(name.family.surname.raw(), "van Beek");
  EXPECT_EQ(name.family.own_surname_prefix.raw(), "van");
  EXPECT_EQ(name.family.own_surname.raw(), "Beek");
  EXPECT_EQ(name.family.partner_surname_prefix.raw(), "de");
  EXPECT_EQ(name.family.partner_surname.raw(), "Wit");
  EXPECT_EQ(name.given.raw(), "ANNA");
  EXPECT_EQ(name.type_code.raw(), "L");
  EXPECT_EQ(name.assembly_order.raw(), "G");
  EXPECT_EQ(name.expiration_date.raw(), "2030");
  EXPECT_EQ(name.professional_suffix.raw(), "PhD");
  EXPECT_EQ(name.called_by.raw(), "Annie");
}

TEST(Xpn, PersonNameOfVersion21) {
  Xpn const name = read_xpn(field("DOE^JOHN^Q^SR^MR^MD"));
  EXPECT_EQ(name.family.surname.raw(), "DOE");
  EXPECT_EQ(name.further_given.raw(), "Q");
  EXPECT_EQ(name.suffix.raw(), "SR");
  EXPECT_EQ(name.prefix.raw(), "MR");
  EXPECT_EQ(name.degree.raw(), "MD");
  EXPECT_FALSE(name.type_code.has_text());
}

TEST(Xcn, EveryPartInItsPlace) {
  Xcn const person = read_xcn(field(numbered(25)));
  EXPECT_EQ(person.id.raw(), "1");
  EXPECT_EQ(person.family.surname.raw(), "2");
  EXPECT_EQ(person.source_table.raw(), "8");
  EXPECT_EQ(person.assigning_authority.namespace_id.raw(), "9");
  EXPECT_EQ(person.id_type_code.raw(), "13");
  EXPECT_EQ(person.assigning_facility.namespace_id.raw(), "14");
  EXPECT_EQ(person.representation_code.raw(), "15");
  EXPECT_EQ(person.effective_date.raw(), "19");
  EXPECT_EQ(person.security_check_scheme.raw(), "25");
}

TEST(Xcn, CompositeIdNameOfVersion21) {
  Xcn const person = read_xcn(field("0148^ADDISON&B^JAMES^^^DR^MD^UPIN"));
  EXPECT_EQ(person.id.raw(), "0148");
  EXPECT_EQ(person.family.surname.raw(), "ADDISON");
  EXPECT_EQ(person.prefix.raw(), "DR");
  EXPECT_EQ(person.source_table.raw(), "UPIN");
}

TEST(Xcn, InsideAComponentItsPartsHaveNone) {
  Xcn const person = read_xcn(field("17&SMITH&JANE^200801"), Depth::component);
  EXPECT_EQ(person.id.raw(), "17");
  EXPECT_EQ(person.family.surname.raw(), "SMITH");
  EXPECT_EQ(person.given.raw(), "JANE");
}

TEST(Ppn, TimeStandsBeforePart15) {
  Ppn const performer = read_ppn(field(numbered(25)));
  EXPECT_EQ(performer.person.assigning_facility.namespace_id.raw(), "14");
  EXPECT_EQ(performer.performed_at.raw(), "15");
  EXPECT_EQ(performer.person.representation_code.raw(), "16");
  EXPECT_EQ(performer.person.security_check.raw(), "25");
}

TEST(Xad, EveryPartInItsPlace) {
  Xad const address = read_xad(field(numbered(23)));
  EXPECT_EQ(address.street.line.raw(), "1");
  EXPECT_EQ(address.postal_code.raw(), "5");
  EXPECT_EQ(address.type_code.raw(), "7");
  EXPECT_EQ(address.county.raw(), "9");
  EXPECT_EQ(address.effective_date.raw(), "13");
  EXPECT_EQ(address.is_bad.raw(), "17");
  EXPECT_EQ(address.addressee.raw(), "19");
  EXPECT_EQ(address.address_id.raw(), "23");
}

TEST(Xad, StreetAsOneTextOrInParts) {
  Sad const parts = read_xad(field("12 High St&High St&12^Apt 3^York")).street;
  EXPECT_EQ(parts.line.raw(), "12 High St");
  EXPECT_EQ(parts.street_name.raw(), "High St");
  EXPECT_EQ(parts.dwelling_number.raw(), "12");
  EXPECT_EQ(read_xad(field("12 High St^Apt 3^York")).street.line.raw(), "12 High St");
}

TEST(Pl, FromWardToBed) {
  Pl const place =
      read_pl(field("4E&1.2&ISO^401^B^MAIN^O^N^TOWER^4^by the window^E1&NS^AA&3.4&ISO"));
  EXPECT_EQ(place.point_of_care.namespace_id.raw(), "4E");
  EXPECT_EQ(place.point_of_care.universal_id.raw(), "1.2");
  EXPECT_EQ(place.room.namespace_id.raw(), "401");
  EXPECT_EQ(place.bed.namespace_id.raw(), "B");
  EXPECT_EQ(place.facility.namespace_id.raw(), "MAIN");
  EXPECT_EQ(place.location_status.raw(), "O");
  EXPECT_EQ(place.person_location_type.raw(), "N");
  EXPECT_EQ(place.building.namespace_id.raw(), "TOWER");
  EXPECT_EQ(place.floor.namespace_id.raw(), "4");
  EXPECT_EQ(place.description.raw(), "by the window");
  EXPECT_EQ(read_ei(place.comprehensive_id, Depth::component).authority.namespace_id.raw(), "NS");
  EXPECT_EQ(read_hd(place.assigning_authority, Depth::component).universal_id.raw(), "3.4");
}

TEST(Cwe, ThreeCodingsAndTheWords) {
  Cwe const code = read_cwe(field(numbered(22)));
  auto const parts = [](const Coding& coding) {
    std::string text;
    for (const FieldView* part :
         {&coding.id, &coding.text, &coding.system, &coding.system_version, &coding.system_oid,
          &coding.value_set_oid, &coding.value_set_version})
      text += std::string(part->raw()) + ' ';
    return text;
  };
  EXPECT_EQ(parts(code.primary), "1 2 3 7 14 15 16 ");
  EXPECT_EQ(parts(code.alternate), "4 5 6 8 17 18 19 ");
  EXPECT_EQ(parts(code.second_alternate), "10 11 12 13 20 21 22 ");
  EXPECT_EQ(code.original_text.raw(), "9");
}

TEST(Cwe, PlainIdReadsAsACode) {
  Cwe const code = read_cwe(field("M"));
  EXPECT_EQ(code.primary.id.raw(), "M");
  EXPECT_TRUE(code.primary.has_text());
  EXPECT_FALSE(code.alternate.has_text());
}

TEST(Cwe, FindsACodingBySystem) {
  Cwe const code = read_cwe(field("GLU^Glucose^L^2345-7^Glucose SerPl^LN^^2.74"));
  ASSERT_NE(code.with_system("LN"), nullptr);
  EXPECT_EQ(code.with_system("LN")->id.raw(), "2345-7");
  EXPECT_EQ(code.with_system("LN")->system_version.raw(), "2.74");
  EXPECT_EQ(code.with_system("L")->id.raw(), "GLU");
  EXPECT_EQ(code.with_system("SCT"), nullptr);
}

TEST(Xtn, EveryPartInItsPlace) {
  Xtn const contact = read_xtn(field(numbered(18)));
  EXPECT_EQ(contact.number.raw(), "1");
  EXPECT_EQ(contact.use_code.raw(), "2");
  EXPECT_EQ(contact.equipment.raw(), "3");
  EXPECT_EQ(contact.country_code.raw(), "5");
  EXPECT_EQ(contact.area_code.raw(), "6");
  EXPECT_EQ(contact.local_number.raw(), "7");
  EXPECT_EQ(contact.extension.raw(), "8");
  EXPECT_EQ(contact.any_text.raw(), "9");
  EXPECT_EQ(contact.unformatted.raw(), "12");
  EXPECT_EQ(contact.preference_order.raw(), "18");
}

TEST(Xtn, NumberAsText) {
  EXPECT_EQ(read_xtn(field("(555)123-4567^PRN^PH")).number_text().raw(), "(555)123-4567");
  EXPECT_EQ(read_xtn(field("^PRN^PH^^1^555^1234567^^^^^+1 555 123 4567")).number_text().raw(),
            "+1 555 123 4567");
  EXPECT_EQ(read_xtn(field("(555)1^PRN^PH^^^^^^^^^555 1")).number_text().raw(), "555 1");
  EXPECT_FALSE(read_xtn(field("^PRN^PH^^1^555^1234567")).number_text().has_text());
}

TEST(Xtn, Email) {
  EXPECT_EQ(read_xtn(field("^NET^Internet^ann@example.org")).email().raw(), "ann@example.org");
  EXPECT_EQ(read_xtn(field("(555)123-4567^^^ann@example.org")).email().raw(), "ann@example.org");
  EXPECT_EQ(read_xtn(field("^NET^Internet^ann\\T\\co")).email().raw(), "ann\\T\\co");
  EXPECT_FALSE(read_xtn(field("^WPN^BP^pager 7")).email().has_text());
  EXPECT_FALSE(read_xtn(field("(555)123-4567")).email().has_text());
}

TEST(Tn, TheStandardForm) {
  Tn const number = read_tn("01 (555)123-4567X890B12Cafter six");
  EXPECT_EQ(number.country, "01");
  EXPECT_EQ(number.area, "555");
  EXPECT_EQ(number.local, "123-4567");
  EXPECT_EQ(number.extension, "890");
  EXPECT_EQ(number.beeper, "12");
  EXPECT_EQ(number.comment, "after six");
}

TEST(Tn, FormsOfRealSenders) {
  EXPECT_EQ(read_tn("(555) 123 4567").area, "555");
  EXPECT_EQ(read_tn("(555) 123 4567").local, "123 4567");
  EXPECT_EQ(read_tn("5551234567").local, "5551234567");
  EXPECT_EQ(read_tn("+1(555)123-4567").country, "1");
  EXPECT_EQ(read_tn("123-4567 x 89").extension, "89");
  EXPECT_EQ(read_tn("123-4567 c/o Ann").comment, "/o Ann");
  EXPECT_EQ(read_tn("").local, "");
}

TEST(Tn, WhatHasAnotherFormIsKeptWhole) {
  for (const char* const text : {"+49 30 1234", "call Ann", "(555 123", ")555( 1", "(abc)123",
                                 "123 ext 4", "123X", "()123-4567", "12 B"}) {
    Tn const number = read_tn(text);
    EXPECT_EQ(number.local, text);
    EXPECT_TRUE(number.area.empty() && number.extension.empty() && number.comment.empty()) << text;
  }
}

TEST(Ed, AllParts) {
  Ed const data = read_ed(field("LAB&1.2.3&ISO^AP^PDF^Base64^JVBERi0="));
  EXPECT_EQ(data.source.universal_id.raw(), "1.2.3");
  EXPECT_EQ(data.type.raw(), "AP");
  EXPECT_EQ(data.subtype.raw(), "PDF");
  EXPECT_EQ(data.encoding, Ed::Encoding::base64);
  EXPECT_EQ(data.data.raw(), "JVBERi0=");
}

TEST(Ed, Encodings) {
  auto const encoding = [](std::string_view name) {
    return read_ed(field("^TEXT^X^" + std::string(name) + "^data")).encoding;
  };
  EXPECT_EQ(encoding("A"), Ed::Encoding::none);
  EXPECT_EQ(encoding("ASCII"), Ed::Encoding::none);
  EXPECT_EQ(encoding(""), Ed::Encoding::none);
  EXPECT_EQ(encoding("Hex"), Ed::Encoding::hex);
  EXPECT_EQ(encoding("HEX"), Ed::Encoding::hex);
  EXPECT_EQ(encoding("base64"), Ed::Encoding::base64);
  EXPECT_EQ(encoding("gzip"), Ed::Encoding::unknown);
  EXPECT_EQ(encoding("Base6"), Ed::Encoding::unknown);
}

TEST(Ed, PartsThatSendersLeaveOut) {
  struct Case {
    const char* text;
    const char* type;
    const char* subtype;
  };
  for (Case const& expected :
       {Case{"^TEXT^XML^Base64^PGE+", "TEXT", "XML"}, Case{"^PDF^Base64^PGE+", "PDF", ""},
        Case{"TEXT^XML^Base64^PGE+", "TEXT", "XML"}, Case{"PDF^Base64^PGE+", "PDF", ""}}) {
    SCOPED_TRACE(expected.text);
    Ed const data = read_ed(field(expected.text));
    EXPECT_EQ(data.type.raw(), expected.type);
    EXPECT_EQ(data.subtype.raw(), expected.subtype);
    EXPECT_EQ(data.encoding, Ed::Encoding::base64);
    EXPECT_EQ(data.encoding_name.raw(), "Base64");
    EXPECT_EQ(data.data.raw(), "PGE+");
  }
}

TEST(Ed, MimePackageIsText) {
  Ed const document =
      read_ed(field("^multipart^-hl7-cda-level-one^A^MIME-Version: 1.0\\X0D0A\\Content-Type"));
  EXPECT_TRUE(document.is_mime_package());
  EXPECT_EQ(document.encoding, Ed::Encoding::none);
  EXPECT_TRUE(document.data.has_escape());
  EXPECT_FALSE(read_ed(field("^AP^PDF^Base64^x")).is_mime_package());
}

TEST(Ed, DataIsNotCopied) {
  std::string const text = "^AP^PDF^Base64^" + std::string(3'000'000, 'Q');
  Ed const data = read_ed(field(text));
  EXPECT_EQ(data.data.raw().size(), 3'000'000u);
  EXPECT_EQ(data.data.raw().data(), text.data() + 15);
}

TEST(Rp, PointerAndKind) {
  Rp const reference = read_rp(field("https://example.org/1^PACS&1.2&ISO^IM^JPEG"));
  EXPECT_EQ(reference.pointer.raw(), "https://example.org/1");
  EXPECT_EQ(reference.application.universal_id.raw(), "1.2");
  EXPECT_EQ(reference.type.raw(), "IM");
  EXPECT_EQ(reference.subtype.raw(), "JPEG");
}

}  // namespace
}  // namespace hl7flow::types
