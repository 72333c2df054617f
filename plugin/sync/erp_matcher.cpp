#include "sync/erp_matcher.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <string_view>
#include <vector>

#include "sync/matcher.hpp"

namespace metakocka::sync {

namespace {

bool same_ignoring_case(const Value& one, const Value& two) {
    return one && two && std::equal(one->begin(), one->end(), two->begin(), two->end(), [](char a, char b) {
               return std::tolower(static_cast<unsigned char>(a)) ==
                      std::tolower(static_cast<unsigned char>(b));
           });
}

bool same_tax_number(const Record& one, const Record& two) {
    return one.at("taxNumber") && two.at("taxNumber") &&
           tax_key(*one.at("taxNumber")) == tax_key(*two.at("taxNumber"));
}

struct Way {
    std::string_view name;
    PartnerKey key;
    std::string_view field;
    std::function<bool(const Record&, const Record&)> same;
};

// Two different tax numbers are two different contacts, whatever else they share.
bool may_be_same(const Record& one, const Record& two) {
    return !one.at("taxNumber") || !two.at("taxNumber") || same_tax_number(one, two);
}

const std::array<Way, 3>& ways() {
    static const std::array<Way, 3> the_ways{
        {{"tax number", PartnerKey::kTaxNumber, "taxNumber", same_tax_number},
         {"e-mail", PartnerKey::kEmail, "email",
          [](const Record& a, const Record& b) { return same_ignoring_case(a.at("email"), b.at("email")); }},
         {"name and post number", PartnerKey::kName, "name", [](const Record& a, const Record& b) {
              return a.at("name") == b.at("name") && a.at("postNumber") &&
                     a.at("postNumber") == b.at("postNumber");
          }}}};
    return the_ways;
}

}  // namespace

ErpMatch match_in_erp(Ports ports, const Record& crm) {
    if (crm.kind != RecordKind::kContacts) return {};
    for (const Way& way : ways()) {
        const Value& value = crm.at(way.field);
        if (!value) continue;
        // The ERP compares tax numbers as they are written; the bare number is part of both forms.
        const std::string text = way.key == PartnerKey::kTaxNumber ? tax_key(*value) : *value;
        std::vector<ErpRow> found;
        for (auto& row : ports.erp.partners(way.key, text)) {
            if (!row.problem.empty() || !way.same(crm, row.record) || !may_be_same(crm, row.record)) continue;
            if (ports.store.find_links(RecordKind::kContacts, {row.record.erp_id}).at(0)) continue;
            found.push_back(std::move(row));
        }
        if (found.size() == 1) return {.row = std::move(found.front()), .ambiguity = {}};
        if (found.empty()) continue;
        return {.row = {},
                .ambiguity = std::to_string(found.size()) + " partners in Metakocka have the same " +
                             std::string(way.name) + " (ids " + found[0].record.erp_id + ", " +
                             found[1].record.erp_id + (found.size() > 2 ? ", …" : "") +
                             "); merge them in Metakocka, then it is linked at the next run"};
    }
    return {};
}

}  // namespace metakocka::sync
