#include "sync/erp_limits.hpp"

#include <algorithm>
#include <span>

#include "model/fields.hpp"

namespace metakocka::sync {

namespace {

using fields::Contact;
using fields::Product;

struct Limit {
    std::size_t field;
    std::size_t most;
};

// From the vendor's reference of add_partner (metakocka-api.md §5 names the first two).
constexpr Limit kContactLimits[] = {
    {Contact::kName, 100},   {Contact::kTaxNumber, 50},  {Contact::kRegistrationNumber, 50},
    {Contact::kEmail, 255},  {Contact::kPhone, 255},     {Contact::kMobile, 255},
    {Contact::kStreet, 150}, {Contact::kPostNumber, 20}, {Contact::kCity, 100},
    {Contact::kCountry, 50}};

// A code takes 20 characters in one of the vendor's tables and 50 in another. What lies between is sent: an
// ERP that takes 20 refuses it by itself and nothing is lost, while an ERP that takes 50 would never get it.
constexpr Limit kProductLimits[] = {
    {Product::kCode, 50}, {Product::kName, 200}, {Product::kDescription, 700}};

constexpr std::size_t kContactMandatory[] = {Contact::kName};
constexpr std::size_t kProductMandatory[] = {Product::kCode, Product::kName, Product::kUnit};

struct Rules {
    std::span<const Limit> limits;
    std::span<const std::size_t> mandatory;
};

Rules rules_of(RecordKind kind) {
    if (kind == RecordKind::kContacts) return {kContactLimits, kContactMandatory};
    if (kind == RecordKind::kProducts) return {kProductLimits, kProductMandatory};
    return {};
}

}  // namespace

ErpAbilities erp_abilities(RecordKind kind) {
    ErpAbilities abilities = ErpAbilities::none(kind);
    if (kind == RecordKind::kContacts) {
        abilities.writable.assign(abilities.writable.size(), true);
        abilities.adds = true;
        const auto fields = schema(kind);
        for (std::size_t i = 0; i < fields.size(); ++i) {
            abilities.clearable[i] = fields[i].type == FieldType::kText && i != Contact::kName;
        }
    } else if (kind == RecordKind::kProducts) {
        abilities.writable.assign(abilities.writable.size(), true);
        abilities.adds = true;
        for (const std::size_t field : {Product::kPrice, Product::kCurrency, Product::kTaxRate}) {
            abilities.writable[field] = false;
        }
        abilities.clearable[Product::kDescription] = abilities.clearable[Product::kBarcode] = true;
        abilities.deactivates = true;
    }
    return abilities;
}

bool same_to_writer(const Record& one, const Record& two) {
    const ErpAbilities abilities = erp_abilities(one.kind);
    for (std::size_t i = 0; i < one.values.size(); ++i) {
        if (abilities.writable[i] && one.values[i] != two.values[i]) return false;
    }
    return one.active == two.active;
}

std::vector<FieldProblem> check_limits(const Record& wanted, const Record* erp) {
    std::vector<FieldProblem> problems;
    const auto fields = schema(wanted.kind);
    const Rules rules = rules_of(wanted.kind);
    const auto judged = [&](std::size_t field) {
        return erp == nullptr || wanted.values[field] != erp->values[field];
    };
    for (const std::size_t field : rules.mandatory) {
        if (!judged(field) || wanted.values[field]) continue;
        problems.push_back({field, std::string(fields[field].name) + " is empty; Metakocka needs it"});
    }
    for (const auto& [field, most] : rules.limits) {
        if (!judged(field) || !wanted.values[field]) continue;
        const std::size_t length = length_in_erp(*wanted.values[field]);
        if (length <= most) continue;
        problems.push_back({field, std::string(fields[field].name) + " is " + std::to_string(length) +
                                       " characters long; Metakocka takes " + std::to_string(most)});
    }
    for (std::size_t field = 0; field < fields.size(); ++field) {
        if (wanted.kind != RecordKind::kProducts || !judged(field)) continue;
        if (wanted.values[field] != kRemoveMarker) continue;
        problems.push_back({field, std::string(fields[field].name) + " is " + std::string(kRemoveMarker) +
                                       ", which tells Metakocka to clear it; write something else"});
    }
    return problems;
}

std::string beyond_limits(const Record& wanted, const Record* erp) {
    std::string text;
    for (const FieldProblem& problem : check_limits(wanted, erp)) {
        text += (text.empty() ? "" : "; ") + problem.text;
    }
    return text;
}

std::size_t length_in_erp(std::string_view utf8) {
    std::size_t units = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80U) units += byte >= 0xF0U ? 2 : 1;
    }
    return units;
}

}  // namespace metakocka::sync
