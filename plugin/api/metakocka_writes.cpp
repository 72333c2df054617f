// The gateway's writes: each is read back, because what the ERP made of it decides what both sides agree on.
#include <algorithm>
#include <stdexcept>

#include "api/encode.hpp"
#include "api/metakocka_gateway.hpp"
#include "model/fields.hpp"
#include "sync/erp_limits.hpp"

namespace metakocka::api {
namespace {

namespace json = boost::json;
using sync::ErpError;
using sync::ErpErrorClass;

bool is_contact(const Record& record) {
    if (record.kind == RecordKind::kContacts) return true;
    if (record.kind == RecordKind::kProducts) return false;
    throw std::logic_error("only contacts and products are written to the ERP");
}

// Once a write was done, whatever goes wrong leaves it open what the ERP has now.
template <class Work>
auto after_write(Work&& work) {
    try {
        return work();
    } catch (const ErpError& error) {
        if (error.error_class() == ErpErrorClass::kUnknownOutcome) throw;
        throw ErpError(
            ErpErrorClass::kUnknownOutcome,
            "a change was made in Metakocka, but it could not be checked: " + std::string(error.what()),
            error.retry_after_s());
    }
}

// Whether `row` has every value of `wanted` that an add sends.
bool has_all_sent(const Record& row, const Record& wanted) {
    const std::vector<bool> writable = sync::erp_abilities(wanted.kind).writable;
    for (std::size_t i = 0; i < wanted.values.size(); ++i) {
        if (writable[i] && wanted.values[i] && row.values[i] != wanted.values[i]) return false;
    }
    return true;
}

}  // namespace

std::optional<MetakockaGateway::Fresh> MetakockaGateway::read_fresh(const Record& like) {
    if (!is_contact(like)) {
        const Value& code = like.values[fields::Product::kCode];
        auto row = product(like.erp_id, code);
        // Somebody may have given it another code.
        if (!row && code) row = product(like.erp_id, std::nullopt);
        if (!row) return std::nullopt;
        return Fresh{.row = std::move(*row), .answer = {}, .json = nullptr};
    }
    Fresh fresh;
    fresh.answer = get_partner(sync::PartnerKey::kId, like.erp_id);
    if (!fresh.answer) return std::nullopt;
    for (const json::value& value : fresh.answer->rows("partner_list")) {
        fresh.row = decode_partner(value);
        if (fresh.row.record.erp_id != like.erp_id) continue;
        fresh.json = &value.as_object();
        return fresh;
    }
    return std::nullopt;
}

MetakockaGateway::Fresh MetakockaGateway::read_back(const Record& written) {
    auto fresh = read_fresh(written);
    if (!fresh) {
        throw ErpError(ErpErrorClass::kTransient,
                       "Metakocka does not find " + written.erp_id + ", which it named");
    }
    if (!fresh->row.problem.empty()) throw ErpError(ErpErrorClass::kRecord, fresh->row.problem);
    return std::move(*fresh);
}

sync::ErpRow MetakockaGateway::add(const Record& wanted) {
    const bool contact = is_contact(wanted);
    const Answer answer = caller().call(contact ? kAddPartner : kProductAdd,
                                        contact ? encode_new_partner(wanted) : encode_new_product(wanted));
    return after_write([&] {
        Record written = wanted;
        written.erp_id = scalar_or_null(answer.object(), "mk_id").value_or("");
        if (written.erp_id.empty()) {
            throw ErpError(ErpErrorClass::kTransient, "its answer does not name what was added");
        }
        return read_back(written).row;
    });
}

bool MetakockaGateway::send_change(const Fresh& fresh, const Record& wanted, bool& again) {
    if (fresh.json == nullptr) {
        json::object body = encode_product_change(fresh.row.record, wanted);
        if (body.empty()) return false;
        caller().call(kProductUpdate, std::move(body));
        return true;
    }
    PartnerChange change = encode_partner_change(*fresh.json, wanted);
    again = change.incomplete;
    if (change.body.empty()) return false;
    caller().call(kUpdatePartner, std::move(change.body));
    return true;
}

sync::ErpUpdate MetakockaGateway::update(const Record& expected, const Record& wanted) {
    auto fresh = read_fresh(expected);
    if (!fresh) {
        throw ErpError(ErpErrorClass::kNotFound, "Metakocka does not have " + expected.erp_id + " any more");
    }
    if (!fresh->row.problem.empty()) throw ErpError(ErpErrorClass::kRecord, fresh->row.problem);
    sync::ErpUpdate update;
    if (!sync::same_to_writer(fresh->row.record, expected)) {
        update.changed_meanwhile = true;
        update.row = std::move(fresh->row);
        return update;
    }
    Record written = wanted;
    written.erp_id = expected.erp_id;
    bool again = false;
    if (send_change(*fresh, written, again)) {
        after_write([&] {
            fresh = read_back(written);
            if (again && send_change(*fresh, written, again)) fresh = read_back(written);
            return true;
        });
    }
    update.row = std::move(fresh->row);
    for (std::size_t i = 0; i < wanted.values.size(); ++i) {
        if (wanted.values[i] != expected.values[i] && wanted.values[i] != update.row.record.values[i]) {
            update.not_taken.push_back(i);
        }
    }
    return update;
}

std::vector<sync::ErpRow> MetakockaGateway::find_added(const Record& wanted) {
    std::vector<sync::ErpRow> found;
    if (is_contact(wanted)) {
        using F = fields::Contact;
        constexpr std::pair<std::size_t, sync::PartnerKey> kKeys[] = {
            {F::kTaxNumber, sync::PartnerKey::kTaxNumber},
            {F::kEmail, sync::PartnerKey::kEmail},
            {F::kName, sync::PartnerKey::kName}};
        for (const auto& [field, key] : kKeys) {
            if (!wanted.values[field]) continue;
            found = partners(key, *wanted.values[field]);
            break;
        }
    } else if (const Value& code = wanted.values[fields::Product::kCode]) {
        ahead_.settle();
        try {
            found = read_products({{"code", *code}}, products_request(0, kMostRows, pricelist_)).rows;
        } catch (const ErpError& error) {
            if (error.error_class() != ErpErrorClass::kNotFound) throw;
        }
    }
    std::erase_if(found, [&wanted](const sync::ErpRow& row) {
        return !row.problem.empty() || !has_all_sent(row.record, wanted);
    });
    return found;
}

}  // namespace metakocka::api
