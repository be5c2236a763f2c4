using Wuts.Testing;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Wuts.Storage.Tests.Fixtures;

/// <summary>A fact about a database. Inherited by a class that needs PostgreSQL, it is skipped, with the reason, where there is none.</summary>
[XunitTestCaseDiscoverer("Wuts.Storage.Tests.Fixtures.StorageFactDiscoverer", "Wuts.Storage.Tests")]
public sealed class StorageFactAttribute : FactAttribute;

/// <summary>Marks a class whose <see cref="StorageFactAttribute"/> facts need a PostgreSQL server.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgreSqlAttribute : Attribute;

public sealed class StorageFactDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var needsServer = testMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgreSqlAttribute)).Any();
        yield return needsServer && PostgreSqlServer.UnavailableBecause is { } reason
            ? new SkippedTestCase(reason, messages, discoveryOptions, testMethod)
            : new XunitTestCase(messages, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
    }

    private sealed class SkippedTestCase : XunitTestCase
    {
        private string? _reason;

        [Obsolete("For the deserializer of xunit only.")]
        public SkippedTestCase()
        {
        }

        public SkippedTestCase(string reason, IMessageSink messages, ITestFrameworkDiscoveryOptions options, ITestMethod method)
            : base(messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method) => _reason = reason;

        public override void Serialize(IXunitSerializationInfo data)
        {
            base.Serialize(data);
            data.AddValue(nameof(_reason), _reason);
        }

        public override void Deserialize(IXunitSerializationInfo data)
        {
            _reason = data.GetValue<string>(nameof(_reason));
            base.Deserialize(data);
        }

        protected override string? GetSkipReason(IAttributeInfo factAttribute) => _reason;
    }
}
