#include <array>
#include <string>
#include <vector>

#include "api/decode.hpp"
#include "api/encode.hpp"
#include "model/fields.hpp"

namespace metakocka::api {
namespace {

namespace json = boost::json;
using F = fields::Contact;

struct Member {
    std::size_t field;
    const char* name;
};
constexpr Member kTexts[] = {{F::kName, "customer"},
                             {F::kTaxNumber, "tax_id_number"},
                             {F::kRegistrationNumber, "registration_number"}};
constexpr Member kFlags[] = {
    {F::kIsCompany, "business_entity"}, {F::kIsCustomer, "buyer"}, {F::kIsSupplier, "supplier"}};
constexpr Member kPerson[] = {{F::kEmail, "email"}, {F::kPhone, "phone"}, {F::kMobile, "gsm"}};
constexpr Member kAddress[] = {
    {F::kStreet, "street"}, {F::kPostNumber, "post_number"}, {F::kCity, "place"}, {F::kCountry, "country"}};

// "" asks the ERP to clear a text.
std::string sent(const Value& value) {
    return value.value_or("");
}

void put_address(json::object& entry, const Member& member, const Value& value) {
    entry[member.name] = sent(value);
    // Inside a list of addresses the vendor's examples write `city` as well as reading it.
    if (member.field == F::kCity) entry["city"] = sent(value);
}

class Change {
  public:
    Change(const json::object& row, const Record& wanted)
        : wanted_(wanted), now_(decode(row)), address_(contact_address(row)) {
        for (const json::value& person : ListView(row, "partner_contact_list")) {
            persons_.push_back({&person.as_object(), {}});
        }
    }

    PartnerChange result() && {
        head();
        address();
        for (const Member& member : kPerson) person(member);
        json::array persons;
        for (auto& person : persons_) {
            if (person.change.empty()) continue;
            person.change["mk_id"] = sent(text(*person.json, "mk_id"));
            persons.push_back(std::move(person.change));
        }
        if (!added_person_.empty()) add_person(persons);
        if (!persons.empty()) partner_["partner_contact_list"] = std::move(persons);
        if (!address_change_.empty()) {
            partner_["partner_delivery_address_list"] = json::array{std::move(address_change_)};
        }
        PartnerChange change;
        change.incomplete = incomplete_;
        if (partner_.empty()) return change;
        partner_["mk_id"] = now_.erp_id;
        change.body["partner"] = std::move(partner_);
        return change;
    }

  private:
    struct Person {
        const json::object* json;
        json::object change;
    };

    static Record decode(const json::object& row) {
        sync::ErpRow decoded = decode_partner(json::value(row));
        if (!decoded.problem.empty()) throw RowProblem(decoded.problem);
        return std::move(decoded.record);
    }

    bool differs(const Member& member) const {
        return wanted_.values[member.field] != now_.values[member.field];
    }
    const Value& wanted(const Member& member) const { return wanted_.values[member.field]; }

    void head() {
        for (const Member& member : kTexts) {
            if (differs(member)) partner_[member.name] = sent(wanted(member));
        }
        for (const Member& member : kFlags) {
            if (differs(member) && wanted(member)) partner_[member.name] = *wanted(member);
        }
    }

    void address() {
        for (const Member& member : kAddress) {
            if (differs(member)) put_address(address_change_, member, wanted(member));
        }
        if (address_change_.empty()) return;
        if (address_ == nullptr) {
            address_change_["address_type"] = "Račun";
        } else if (const Value id = text(*address_, "mk_id")) {
            address_change_["mk_id"] = *id;
        } else {
            address_change_.clear();
        }
    }

    // The mirror of reading: the first person that has one; nobody has: the first person there is.
    void person(const Member& member) {
        if (!differs(member)) return;
        std::vector<Person*> holders;
        Person* first = nullptr;
        for (Person& person : persons_) {
            if (text(*person.json, member.name)) holders.push_back(&person);
            if (first == nullptr && text(*person.json, "mk_id")) first = &person;
        }
        if (!wanted(member) && holders.size() > 1) return;
        Person* const chosen = holders.empty() ? first : holders.front();
        if (chosen == nullptr) {
            added_person_[member.name] = sent(wanted(member));
        } else if (text(*chosen->json, "mk_id")) {
            chosen->change[member.name] = sent(wanted(member));
        }
    }

    void add_person(json::array& persons) {
        if (address_ == nullptr) {
            address_change_["address_type"] = "Račun";
            incomplete_ = true;
            return;
        }
        const Value address_id = text(*address_, "mk_id");
        if (!address_id) return;
        added_person_["mk_address_id"] = *address_id;
        added_person_["name"] = sent(wanted_.values[F::kName]);
        persons.push_back(std::move(added_person_));
    }

    const Record& wanted_;
    Record now_;
    const json::object* address_;
    std::vector<Person> persons_;
    json::object partner_;
    json::object address_change_;
    json::object added_person_;
    bool incomplete_ = false;
};

}  // namespace

json::object encode_new_partner(const Record& wanted) {
    json::object partner;
    json::object person;
    const auto put = [&wanted](json::object& object, const Member& member) {
        if (const Value& value = wanted.values[member.field]) object[member.name] = *value;
    };
    for (const Member& member : kTexts) put(partner, member);
    for (const Member& member : kFlags) put(partner, member);
    for (const Member& member : kAddress) put(partner, member);
    for (const Member& member : kPerson) put(person, member);
    if (!person.empty()) {
        put(person, {F::kName, "name"});
        partner["partner_contact"] = std::move(person);
    }
    json::object body;
    body["partner"] = std::move(partner);
    return body;
}

PartnerChange encode_partner_change(const json::object& row, const Record& wanted) {
    return Change(row, wanted).result();
}

}  // namespace metakocka::api
