#include "sample_records.hpp"

#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <vector>

#include "boundary/memory_host.hpp"
#include "records/change_feed.hpp"
#include "records/record_input.hpp"
#include "records/record_writer.hpp"
#include "records/records_service.hpp"
#include "util/time_text.hpp"

namespace {

namespace sample = crm::sample;

struct Folder {
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "crm-records-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
        path = name;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path path;
};

class RecordsHost final : public MemoryHost {
  public:
    explicit RecordsHost(sample::Database& database) : records_(database, "metakocka") {}
    std::string query_records(std::string_view request) override { return records_.query(request); }
    std::string upsert_records(std::string_view request) override { return records_.upsert(request); }
    std::string changed_records(std::string_view request) override { return records_.changes(request); }

  private:
    sample::RecordsService records_;
};

// Writes as a person, in a transaction of its own.
template <class Work>
void as_user(sample::Database& database, std::string_view kind, const boost::json::object& fields,
             Work work) {
    const sample::Kind& of = *sample::find_kind(kind);
    sample::Transaction transaction(database);
    sample::RecordWriter writer(*transaction, of, "user:ana", "", sample::now_us());
    sample::Arena arena;
    std::vector<sample::InputError> errors;
    sample::ReadContext context{arena, writer, errors};
    const sample::RecordInput input = sample::read_input(of, fields, context, {});
    if (!errors.empty()) throw std::logic_error(errors[0].path + ": " + errors[0].message);
    work(writer, input);
    transaction.commit();
}

}  // namespace

struct SampleRecords::Parts {
    Folder folder;
    sample::Database database{folder.path / "crm.db"};
    RecordsHost host{database};
};

SampleRecords::SampleRecords() : parts_(std::make_unique<Parts>()) {}
SampleRecords::~SampleRecords() = default;

crm::IHost& SampleRecords::host() {
    return parts_->host;
}

std::string SampleRecords::user_creates(std::string_view kind, const boost::json::object& fields) {
    std::int64_t id = 0;
    as_user(parts_->database, kind, fields,
            [&](sample::RecordWriter& writer, const auto& input) { id = writer.create(input).id; });
    return std::to_string(id);
}

void SampleRecords::user_sets(std::string_view kind, const std::string& id,
                              const boost::json::object& fields) {
    as_user(parts_->database, kind, fields,
            [&](sample::RecordWriter& writer, const auto& input) { writer.update(std::stoll(id), input); });
}

void SampleRecords::user_deletes(std::string_view kind, const std::string& id) {
    as_user(parts_->database, kind, {},
            [&](sample::RecordWriter& writer, const auto&) { writer.erase(std::stoll(id)); });
}

void SampleRecords::forget_history() {
    {
        sample::Transaction transaction(parts_->database);
        transaction->execute("DELETE FROM history");
        transaction.commit();
    }
    sample::begin_history(parts_->database);
}
