#include "api/decode.hpp"
#include "model/fields.hpp"

namespace metakocka::api {
namespace {

namespace json = boost::json;
using F = fields::Contact;

const json::object& element(const json::value& value, const char* list) {
    if (!value.is_object()) throw RowProblem(std::string(list) + ": an element is not an object");
    return value.get_object();
}

void fill_common(const json::object& object, Record& record) {
    auto& values = record.values;
    values[F::kName] = text(object, "customer");
    values[F::kTaxNumber] = text(object, "tax_id_number");
    values[F::kRegistrationNumber] = text(object, "registration_number");
    values[F::kIsCompany] = flag(object, "business_entity");
    values[F::kIsCustomer] = flag(object, "buyer");
    values[F::kIsSupplier] = flag(object, "supplier");
}

// Each from the first contact person that has one.
void fill_person(const json::object& person, Record& record) {
    auto& values = record.values;
    if (!values[F::kEmail]) values[F::kEmail] = text(person, "email");
    if (!values[F::kPhone]) values[F::kPhone] = text(person, "phone");
    if (!values[F::kMobile]) values[F::kMobile] = text(person, "gsm");
}

// Reading says `city`, writing and documents say `place`.
void fill_address(const json::object& address, Record& record) {
    auto& values = record.values;
    values[F::kStreet] = text(address, "street");
    values[F::kPostNumber] = text(address, "post_number");
    values[F::kCity] = text(address, "city");
    if (!values[F::kCity]) values[F::kCity] = text(address, "place");
    values[F::kCountry] = text(address, "country");
}

void fill_partner(const json::object& object, Record& record) {
    fill_common(object, record);
    for (const json::value& value : ListView(object, "partner_contact_list")) {
        fill_person(element(value, "partner_contact_list"), record);
    }
    if (const json::object* const address = contact_address(object)) fill_address(*address, record);
}

void fill_flat(const json::object& object, Record& record) {
    fill_common(object, record);
    fill_address(object, record);
    for (const json::value& value : ListView(object, "partner_contact")) {
        fill_person(element(value, "partner_contact"), record);
    }
}

}  // namespace

const json::object* contact_address(const json::object& partner) {
    const json::object* first = nullptr;
    for (const json::value& value : ListView(partner, "partner_delivery_address_list")) {
        const json::object& address = element(value, "partner_delivery_address_list");
        if (text(address, "address_type") == "Račun") return &address;
        if (first == nullptr) first = &address;
    }
    return first;
}

sync::ErpRow decode_partner(const json::value& row) {
    return decode_row(RecordKind::kContacts, "partner", row, fill_partner);
}

sync::ErpRow decode_document_partner(const json::object& partner) {
    sync::ErpRow row;
    std::string id;
    try {
        id = text(partner, "mk_id").value_or("");
        row.record = Record(RecordKind::kContacts, id);
        fill_flat(partner, row.record);
    } catch (const RowProblem& problem) {
        row.record = Record(RecordKind::kContacts, id);
        row.problem = "partner " + id + ": " + problem.what();
    }
    return row;
}

}  // namespace metakocka::api
