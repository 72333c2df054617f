#include "http/records_api.hpp"

#include "http/json_body.hpp"
#include "http/list_query.hpp"
#include "http/problem.hpp"
#include "records/record_input.hpp"
#include "records/record_reader.hpp"
#include "records/record_writer.hpp"
#include "util/time_text.hpp"

namespace crm::sample {
namespace {

constexpr std::size_t kMaxExternalId = 255;

std::int64_t id_of(const Exchange& exchange) {
    const std::int64_t id = parse_id(exchange.parameter(0));
    if (id < 0) throw Problem(404, "there is no such record");
    return id;
}

std::string origin_of(const Exchange& exchange) {
    return "user:" + exchange.identity()->name;
}

// The system and the id in it that a request links the record to.
struct ExternalLink {
    std::string system;
    std::string id;
};

std::optional<ExternalLink> read_link(const boost::json::object& body, std::vector<InputError>& errors) {
    const auto* external = body.if_contains("external");
    if (external == nullptr) return std::nullopt;
    const auto* object = external->if_object();
    if (object == nullptr || object->size() != 1 || !object->begin()->value().is_string()) {
        errors.push_back({"external", "must be an object with one system's id as text"});
        return std::nullopt;
    }
    const auto& member = *object->begin();
    ExternalLink link{std::string(member.key()), std::string(member.value().get_string())};
    if (link.system.empty() || link.id.empty() || link.id.size() > kMaxExternalId) {
        errors.push_back({"external." + link.system, "must be a text of 1 to 255 bytes"});
        return std::nullopt;
    }
    return link;
}

void read_custom(const boost::json::object& body, RecordInput& input, std::vector<InputError>& errors) {
    const auto* custom = body.if_contains("custom");
    if (custom == nullptr) return;
    input.custom = custom->if_object();
    if (input.custom == nullptr) errors.push_back({"custom", "must be an object"});
}

// What POST and PATCH have in common: reading the body in the transaction that will write it.
class WriteRequest {
  public:
    WriteRequest(Exchange& exchange, Connection& connection, const Kind& kind)
        : body_(exchange.body()),
          link_(read_link(body_.object(), errors_)),
          writer_(connection, kind, origin_of(exchange), link_ ? link_->system : std::string(), now_us()),
          context_{arena_, writer_, errors_},
          input_(read_input(kind, body_.object(), context_, {"custom", "external"})) {
        read_custom(body_.object(), input_, errors_);
        if (link_) input_.external_id = link_->id;
    }

    RecordWriter& writer() { return writer_; }
    RecordInput& input() { return input_; }
    ReadContext& context() { return context_; }

    // Throws Problem when the body was wrong or its link belongs to another record than `id` (0: a new one).
    void check(std::int64_t id) {
        if (!errors_.empty()) throw Problem(400, "some values are wrong; nothing was changed", errors_);
        if (!link_) return;
        const std::int64_t owner = writer_.find_linked(link_->id);
        if (owner != 0 && owner != id) {
            throw Problem(409, "record " + std::to_string(owner) + " already has this external id");
        }
        if (id == 0) return;
        const auto known = writer_.external_id_of(id);
        if (known && *known != link_->id) throw Problem(409, "this record already belongs to " + *known);
    }

  private:
    std::vector<InputError> errors_;
    Arena arena_;
    JsonBody body_;
    std::optional<ExternalLink> link_;
    RecordWriter writer_;
    ReadContext context_;
    RecordInput input_;
};

// What refers to a record keeps it from being deleted.
bool is_referenced(Connection& connection, const Kind& kind, std::int64_t id) {
    const char* sql = "SELECT 0 WHERE ? < 0";
    if (kind.name == "contacts") sql = "SELECT 1 FROM invoices WHERE contactId = ? LIMIT 1";
    if (kind.name == "products") {
        sql =
            "SELECT 1 WHERE EXISTS (SELECT 1 FROM inventory WHERE productId = ?1) OR EXISTS ("
            "SELECT 1 FROM invoices, json_each(invoices.lines) AS line "
            "WHERE json_extract(line.value, '$.productId') = CAST(?1 AS TEXT))";
    }
    Statement& statement = connection.prepare(sql);
    const ResetGuard guard(statement);
    statement.bind(1, id);
    return statement.step();
}

}  // namespace

void RecordsApi::mount(Router& router) {
    constexpr Access kRead{permission::kRecordsRead};
    constexpr Access kWrite{permission::kRecordsWrite};
    for (const Kind& kind : all_kinds()) {
        const std::string base = "/api/" + std::string(kind.name);
        const std::string one = base + "/{id}";
        const Kind* of = &kind;
        router.add("GET", base, kRead, [this, of](Exchange& exchange) { list(exchange, *of); });
        router.add("POST", base, kWrite, [this, of](Exchange& exchange) { create(exchange, *of); });
        router.add("GET", one, kRead, [this, of](Exchange& exchange) { show(exchange, *of); });
        router.add("PATCH", one, kWrite, [this, of](Exchange& exchange) { change(exchange, *of); });
        router.add("DELETE", one, kWrite, [this, of](Exchange& exchange) { remove(exchange, *of); });
    }
    router.add("GET", "/api/counts", kRead, [this](Exchange& exchange) {
        const Reader reader(database_);
        std::string out = "{";
        for (const Kind& kind : all_kinds()) {
            out += (out.size() > 1 ? ",\"" : "\"") + std::string(kind.name) +
                   "\":" + count_records(*reader, kind);
        }
        exchange.send_json(200, out + "}");
    });
}

void RecordsApi::list(Exchange& exchange, const Kind& kind) {
    const ListFilter filter = read_list_query(exchange);
    const Reader reader(database_);
    exchange.send_json(200, list_records(*reader, kind, filter, &write_api_record));
}

void RecordsApi::show(Exchange& exchange, const Kind& kind) {
    const Reader reader(database_);
    const auto record = get_record(*reader, kind, id_of(exchange));
    if (!record) throw Problem(404, "there is no such record");
    exchange.send_json(200, *record);
}

void RecordsApi::create(Exchange& exchange, const Kind& kind) {
    std::string record;
    {
        Transaction transaction(database_);
        WriteRequest request(exchange, *transaction, kind);
        require_fields(kind, request.input(), request.context());
        request.check(0);
        const std::int64_t id = request.writer().create(request.input()).id;
        record = get_record(*transaction, kind, id).value_or("{}");
        transaction.commit();
        exchange.set_header("Location", "/api/" + std::string(kind.name) + "/" + std::to_string(id));
    }
    exchange.send_json(201, record);
}

void RecordsApi::change(Exchange& exchange, const Kind& kind) {
    const std::int64_t id = id_of(exchange);
    std::string record;
    {
        Transaction transaction(database_);
        WriteRequest request(exchange, *transaction, kind);
        if (!request.writer().exists(kind.name, id)) throw Problem(404, "there is no such record");
        request.check(id);
        request.writer().update(id, request.input());
        record = get_record(*transaction, kind, id).value_or("{}");
        transaction.commit();
    }
    exchange.send_json(200, record);
}

void RecordsApi::remove(Exchange& exchange, const Kind& kind) {
    const std::int64_t id = id_of(exchange);
    {
        Transaction transaction(database_);
        RecordWriter writer(*transaction, kind, origin_of(exchange), {}, now_us());
        if (!writer.exists(kind.name, id)) throw Problem(404, "there is no such record");
        if (is_referenced(*transaction, kind, id)) {
            throw Problem(409, "other records refer to this one; set it inactive instead");
        }
        writer.erase(id);
        transaction.commit();
    }
    exchange.send_empty(204);
}

}  // namespace crm::sample
