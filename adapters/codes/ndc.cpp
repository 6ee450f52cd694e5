// NDC directory of the FDA: product.txt and package.txt, tab-separated with column names. Source:
// FDA, "National Drug Code Directory, NDC product file definitions"; column names from memory.

#include <map>

#include <hl7flow/adapters/codes/loaders.h>
#include <hl7flow/adapters/codes/release_text.h>

namespace hl7flow::adapters {

namespace {

struct Product {
  std::string display;
  std::uint32_t from = 0, to = 0;
};
using Products = std::map<std::string, Product, std::less<>>;  // by PRODUCTNDC

Status read_products(ReleaseText& file, Products& products) {
  codes::DelimitedTable table(file.text, codes::tab_dialect);
  auto const product = table.column({"PRODUCTNDC"});
  auto const trade = table.column({"PROPRIETARYNAME"});
  auto const generic = table.column({"NONPROPRIETARYNAME"});
  auto const form = table.column({"DOSAGEFORMNAME"});
  auto const strength = table.column({"ACTIVE_NUMERATOR_STRENGTH"});
  auto const unit = table.column({"ACTIVE_INGRED_UNIT"});
  auto const from = table.column({"STARTMARKETINGDATE"});
  auto const to = table.column({"ENDMARKETINGDATE"});
  if (!product || !trade || !generic) return file.refuse("has no columns of the product file");
  return take_rows(file, table, [&] {
    if (table.is_bad() || table.field(product).empty()) return bad_row("number of fields");
    Product one;
    one.display = table.field(trade);
    for (auto const part : {generic, strength, unit, form})
      if (!table.field(part).empty() && table.field(part) != table.field(trade))
        one.display.append(one.display.empty() ? "" : " ").append(table.field(part));
    one.from = day_of(table.field(from));
    one.to = day_of(table.field(to));
    products.insert_or_assign(std::string(table.field(product)), std::move(one));
    return row_loaded;
  });
}

Status read_packages(codes::StoreBuilder& builder, ReleaseText& file, const Products& products) {
  codes::SystemFacts facts;
  facts.name = "NDC";
  codes::SystemId const system = builder.system(facts);
  codes::DelimitedTable table(file.text, codes::tab_dialect);
  auto const product = table.column({"PRODUCTNDC"});
  auto const package = table.column({"NDCPACKAGECODE"});
  auto const description = table.column({"PACKAGEDESCRIPTION"});
  auto const from = table.column({"STARTMARKETINGDATE"});
  auto const to = table.column({"ENDMARKETINGDATE"});
  if (!product || !package) return file.refuse("has no columns of the package file");
  return take_rows(file, table, [&] {
    if (table.is_bad()) return bad_row("number of fields");
    FormedCode const code = formed_code(codes::Family::ndc, table.field(package));
    if (!code.is_good()) return bad_row("the package code is no NDC with hyphens");
    codes::ConceptFacts one;
    one.code = code.view();
    auto const known = products.find(table.field(product));
    one.display = known != products.end() ? std::string_view(known->second.display)
                                          : table.field(description);
    one.valid_from = day_of(table.field(from));
    one.valid_to = day_of(table.field(to));
    if (known != products.end() && one.valid_to == 0) one.valid_to = known->second.to;
    std::uint32_t const subject = builder.add(system, one);
    builder.add_name(subject, codes::NameKind::synonym, table.field(description));
    return row_loaded;
  });
}

}  // namespace

Status load_ndc(codes::StoreBuilder& builder, const Release& release) {
  Products products;
  std::string const product_file = release.find("product*.txt");
  std::string const package_file = release.find("package*.txt");
  if (package_file.empty()) return none_found(release, "package.txt");
  if (!product_file.empty()) {
    auto const read = read_release_file(
        builder, release, product_file, "NDC products", Encoding::utf8_or_windows_1252,
        [&](codes::StoreBuilder&, ReleaseText& text) { return read_products(text, products); });
    if (!read) return read;
  }
  return read_release_file(builder, release, package_file, "NDC packages",
                           Encoding::utf8_or_windows_1252,
                           [&](codes::StoreBuilder& into, ReleaseText& text) {
                             return read_packages(into, text, products);
                           });
}

}  // namespace hl7flow::adapters
