#include "sync/field_groups.hpp"

#include <algorithm>
#include <array>

#include "model/fields.hpp"
#include "model/record.hpp"

namespace metakocka::sync {

namespace {

using fields::Contact;
using fields::Inventory;
using fields::Invoice;
using fields::Product;

std::vector<FieldGroup> with_singles(RecordKind kind, std::vector<FieldGroup> groups) {
    for (std::size_t field = 0; field < schema(kind).size(); ++field) {
        const bool grouped = std::any_of(groups.begin(), groups.end(), [field](const FieldGroup& group) {
            return std::find(group.begin(), group.end(), field) != group.end();
        });
        if (!grouped) groups.push_back({field});
    }
    return groups;
}

}  // namespace

const std::vector<FieldGroup>& field_groups(RecordKind kind) {
    static const std::array<std::vector<FieldGroup>, 4> groups_of{
        with_singles(RecordKind::kContacts,
                     {{Contact::kStreet, Contact::kPostNumber, Contact::kCity, Contact::kCountry}}),
        with_singles(RecordKind::kProducts, {{Product::kPrice, Product::kCurrency, Product::kTaxRate}}),
        // A sum belongs to its lines, and what is paid to the sum.
        with_singles(RecordKind::kInvoices,
                     {{Invoice::kCurrency, Invoice::kNet, Invoice::kTax, Invoice::kTotal, Invoice::kLines},
                      {Invoice::kPaid, Invoice::kStatus}}),
        with_singles(RecordKind::kInventory, {{Inventory::kProductId, Inventory::kWarehouse},
                                              {Inventory::kAmount, Inventory::kReserved, Inventory::kFree}})};
    return groups_of[static_cast<std::size_t>(kind)];
}

}  // namespace metakocka::sync
