#include "model/record.hpp"

#include <stdexcept>

#include "model/fields.hpp"

namespace metakocka {
namespace {

constexpr FieldSpec text(std::string_view name) {
    return {name, FieldType::kText};
}
constexpr FieldSpec flag(std::string_view name) {
    return {name, FieldType::kFlag};
}
constexpr FieldSpec number(std::string_view name) {
    return {name, FieldType::kDecimal};
}
constexpr FieldSpec date(std::string_view name) {
    return {name, FieldType::kDate};
}
constexpr FieldSpec reference(std::string_view name, RecordKind target) {
    return {name, FieldType::kReference, target};
}

// design.md §8. New fields go to the end: a trailing null is not hashed, so old fingerprints stay valid.
constexpr std::array kContactFields{
    text("name"),      text("taxNumber"),  text("registrationNumber"), text("email"), text("phone"),
    text("mobile"),    text("street"),     text("postNumber"),         text("city"),  text("country"),
    flag("isCompany"), flag("isCustomer"), flag("isSupplier")};
constexpr std::array kProductFields{text("code"),     text("name"),        text("description"),
                                    text("unit"),     text("barcode"),     number("price"),
                                    text("currency"), number("taxRate"),   number("weight"),
                                    flag("sellable"), flag("purchasable"), flag("service")};
constexpr std::array kInvoiceFields{text("number"),
                                    text("kind"),
                                    date("date"),
                                    date("dueDate"),
                                    reference("contactId", RecordKind::kContacts),
                                    text("currency"),
                                    number("net"),
                                    number("tax"),
                                    number("total"),
                                    number("paid"),
                                    text("status"),
                                    FieldSpec{"lines", FieldType::kLines, RecordKind::kProducts}};
constexpr std::array kInventoryFields{reference("productId", RecordKind::kProducts), text("warehouse"),
                                      number("amount"), number("reserved"), number("free")};

using fields::Contact;
using fields::Inventory;
using fields::Invoice;
using fields::Product;
static_assert(kContactFields.size() == Contact::kCount && kContactFields[Contact::kName].name == "name" &&
              kContactFields[Contact::kEmail].name == "email" &&
              kContactFields[Contact::kIsSupplier].name == "isSupplier");
static_assert(kProductFields.size() == Product::kCount && kProductFields[Product::kPrice].name == "price" &&
              kProductFields[Product::kService].name == "service");
static_assert(kInvoiceFields.size() == Invoice::kCount && kInvoiceFields[Invoice::kPaid].name == "paid" &&
              kInvoiceFields[Invoice::kLines].name == "lines");
static_assert(kInventoryFields.size() == Inventory::kCount &&
              kInventoryFields[Inventory::kFree].name == "free");

}  // namespace

std::span<const FieldSpec> schema(RecordKind kind) {
    switch (kind) {
        case RecordKind::kContacts:
            return kContactFields;
        case RecordKind::kProducts:
            return kProductFields;
        case RecordKind::kInvoices:
            return kInvoiceFields;
        case RecordKind::kInventory:
            return kInventoryFields;
    }
    throw std::logic_error("no such kind of record");
}

std::size_t field_index(RecordKind kind, std::string_view name) {
    const auto specs = schema(kind);
    for (std::size_t i = 0; i < specs.size(); ++i) {
        if (specs[i].name == name) return i;
    }
    throw std::logic_error(std::string(to_text(kind)) + " have no field " + std::string(name));
}

Record::Record(RecordKind record_kind, std::string id)
    : kind(record_kind), erp_id(std::move(id)), values(schema(record_kind).size()) {}

}  // namespace metakocka
