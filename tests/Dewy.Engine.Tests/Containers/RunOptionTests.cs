using Dewy.Engine.Containers.RunOptions;
using Dewy.Tests;
using Docker.DotNet.Models;
using Xunit;

namespace Dewy.Engine.Tests.Containers;

public sealed class RunOptionTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Parse_Nothing_IsNone() => Assert.Equal("", Applied().User);

    [Theory]
    [InlineData("--env", "NAME=value")]
    [InlineData("--env=NAME=value")]
    [InlineData("-e", "NAME=value")]
    [InlineData("-eNAME=value")]
    [InlineData("-e=NAME=value")]
    public void Parse_EveryFormOfAnOption_IsTheSame(params string[] arguments) => Assert.Equal(["NAME=value"], Applied(arguments).Env);

    [Theory]
    [InlineData("NAME=", "NAME=")]
    [InlineData("NAME=a=b c", "NAME=a=b c")]
    [InlineData("FROM_AGENT", "FROM_AGENT=agent")]
    [InlineData("NOWHERE", "NOWHERE")]
    public void Env_AnyForm_IsAsDockerHasIt(string given, string expected) => Assert.Equal([expected], Applied("-e", given).Env);

    [Fact]
    public void EnvFile_LinesAndComments_ComeBeforeVariablesGiven()
    {
        File.WriteAllText(_root.Combine("app.env"), "\uFEFF# comment\n\n  A=1 # no comment\r\nFROM_AGENT\nB=\"quoted\"\n");

        Assert.Equal(["A=1 # no comment", "FROM_AGENT=agent", "B=\"quoted\"", "A=2"], Applied("-e", "A=2", "--env-file", "app.env").Env);
    }

    [Fact]
    public void EnvFile_BrokenLine_IsNamedByNumberOnly()
    {
        File.WriteAllText(_root.Combine("app.env"), "A=1\nthe secret=hunter22\n");

        var failure = Fails("--env-file", "app.env");

        Assert.Contains("line 2", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void EnvFile_Missing_IsNamed() => Assert.Contains(_root.Combine("none.env"), Fails("--env-file", "none.env").Message, StringComparison.Ordinal);

    [Fact]
    public void Env_AgentsOwnSecret_NeedsLeave()
    {
        Assert.Contains("--pass-env GITHUB_TOKEN", Fails("-e", "GITHUB_TOKEN").Message, StringComparison.Ordinal);
        var passed = ContainerRunOptions.Parse(["-e", "GITHUB_TOKEN"], allowUnsafe: false, Context() with { PassedVariables = ["GITHUB_TOKEN"] });

        Assert.Equal("ghp_agent", Assert.Single(passed.Environment).Value);
        Assert.Equal(["ghp_agent"], passed.Secrets);
    }

    [Theory]
    [InlineData("-e", "DB_PASSWORD=hunter22", "hunter22")]
    [InlineData("-e", "STRIPE_KEY=sk_12345", "sk_12345")]
    [InlineData("-e", "DATABASE_URL=postgres://app:hun%24ter@db/app", "hun%24ter")]
    [InlineData("--log-opt", "splunk-token=12345678", "12345678")]
    [InlineData("--mount", "type=volume,target=/x,volume-driver=local,volume-opt=type=cifs,\"volume-opt=o=addr=x,password=hunter22\"", "hunter22")]
    public void Secrets_InOptions_AreKnownAndNeverShown(string option, string value, string secret)
    {
        var options = Parse(option, value);

        Assert.Contains(secret, options.Secrets);
        Assert.DoesNotContain(secret, options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, string.Concat(options.Environment) + string.Concat(options.Mounts), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_OrdinaryVariable_IsNone() => Assert.Empty(Parse("-e", "LOG_LEVEL=info", "-e", "URL=https://example.com/").Secrets);

    [Theory]
    [InlineData("data:/data", "data:/data")]
    [InlineData("/srv/data:/data:ro", "/srv/data:/data:ro")]
    [InlineData("/srv/data:/data:ro,Z,rslave", "/srv/data:/data:ro,Z,rslave")]
    public void Volume_WithSource_IsABind(string given, string expected) => Assert.Equal([expected], Applied("-v", given).HostConfig!.Binds); // always made

    [Fact]
    public void Volume_Relative_StartsFromTheRoot() => Assert.Equal([$"{_root.Path}/data:/data"], Applied("-v", "./data:/data").HostConfig!.Binds); // always made

    [Fact]
    public void Volume_Alone_IsAnonymous() => Assert.Equal(["/data"], Applied("-v", "/data").Volumes.Keys);

    [Theory]
    [InlineData("data")]
    [InlineData("/data:ro")]
    [InlineData("a b:/data")]
    [InlineData("x:/data")]
    [InlineData("data:data")]
    [InlineData("data:/")]
    [InlineData("data:/data:rx")]
    [InlineData("data:/data:ro,rw")]
    [InlineData("/srv:/data:nocopy")]
    [InlineData("a:/b:ro:x")]
    [InlineData("")]
    public void Volume_Malformed_IsRefused(string given) => Fails("-v", given);

    [Fact]
    public void Mount_Bind_HasItsOptions()
    {
        var mount = Assert.Single(Applied("--mount", "type=bind,source=/srv/data,target=/data,readonly,bind-propagation=rslave").HostConfig!.Mounts!); // always made

        Assert.Equal(("bind", "/srv/data", "/data", true, "rslave"), (mount.Type, mount.Source, mount.Target, mount.ReadOnly, mount.BindOptions?.Propagation));
    }

    [Fact]
    public void Mount_Tmpfs_HasSizeAndMode()
    {
        var mount = Assert.Single(Applied("--mount", "type=tmpfs,dst=/run,tmpfs-size=64m,tmpfs-mode=1770").HostConfig!.Mounts!); // always made

        Assert.Equal((64L << 20, Convert.ToUInt32("1770", 8)), (mount.TmpfsOptions?.SizeBytes, mount.TmpfsOptions?.Mode));
    }

    [Fact]
    public void Mount_Volume_HasDriverAndLabels()
    {
        var mount = Assert.Single(Applied("--mount", "src=data,dst=/data,volume-nocopy=true,volume-driver=nfs,volume-opt=device=:/x,volume-label=a=b").HostConfig!.Mounts!); // always made

        Assert.Equal(("volume", "nfs", ":/x", "b", true), (mount.Type, mount.VolumeOptions?.DriverConfig?.Name, mount.VolumeOptions?.DriverConfig?.Options?["device"], mount.VolumeOptions?.Labels?["a"], mount.VolumeOptions?.NoCopy));
    }

    [Theory]
    [InlineData("type=bind,target=/data")]
    [InlineData("type=bind,source=/srv")]
    [InlineData("type=tmpfs,source=x,target=/data")]
    [InlineData("type=cluster,source=x,target=/data")]
    [InlineData("type=volume,source=/srv,target=/data")]
    [InlineData("type=volume,source=x,target=/data,tmpfs-size=1m")]
    [InlineData("type=bind,source=/srv,target=/data,unknown=1")]
    [InlineData("type=bind,source=/srv,target=/data,readonly=perhaps")]
    [InlineData("type=tmpfs,target=/data,tmpfs-mode=9")]
    [InlineData("type=bind,source=\"/srv,target=/data")]
    [InlineData("type=volume,target=/data,volume-opt=device=/dev/sda1,volume-opt=type=ext4")]
    [InlineData("")]
    public void Mount_Malformed_IsRefused(string given) => Fails("--mount", given);

    [Theory]
    [InlineData("/run", "/run", "")]
    [InlineData("/run:rw,noexec,size=64m,mode=1777", "/run", "rw,noexec,size=64m,mode=1777")]
    public void Tmpfs_PathAndOptions_AreKept(string given, string path, string options) =>
        Assert.Equal(options, Applied("--tmpfs", given).HostConfig!.Tmpfs![path]); // always made

    [Theory]
    [InlineData("run")]
    [InlineData("/")]
    [InlineData("/run:size=many")]
    [InlineData("/run:nonsense")]
    public void Tmpfs_Malformed_IsRefused(string given) => Fails("--tmpfs", given);

    [Theory]
    [InlineData("512m", 512L << 20)]
    [InlineData("1.5g", 1610612736L)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("67108864", 64L << 20)]
    [InlineData("65536 kb", 64L << 20)]
    [InlineData("0", 0L)]
    public void Memory_Units_ArePowersOf1024(string given, long bytes) => Assert.Equal(bytes, Applied("-m", given).HostConfig!.Memory); // always made

    [Theory]
    [InlineData("5m")]
    [InlineData("lots")]
    [InlineData("-1")]
    [InlineData("1x")]
    [InlineData("99999999999p")]
    public void Memory_Malformed_IsRefused(string given) => Fails("--memory", given);

    [Theory]
    [InlineData("1.5", 1_500_000_000L)]
    [InlineData("0.000000001", 1L)]
    [InlineData("2", 2_000_000_000L)]
    public void Cpus_Decimals_AreBillionths(string given, long nano) => Assert.Equal(nano, Applied("--cpus", given).HostConfig!.NanoCPUs); // always made

    [Theory]
    [InlineData("two")]
    [InlineData("-1")]
    [InlineData("0.0000000001")]
    public void Cpus_Malformed_IsRefused(string given) => Fails("--cpus", given);

    [Theory]
    [InlineData("nofile=1024:2048", "nofile", 1024, 2048)]
    [InlineData("nofile=1024", "nofile", 1024, 1024)]
    [InlineData("core=-1", "core", -1, -1)]
    [InlineData("core=0:-1", "core", 0, -1)]
    public void Ulimit_SoftAndHard_AreRead(string given, string name, long soft, long hard)
    {
        var limit = Assert.Single(Applied("--ulimit", given).HostConfig!.Ulimits); // always made

        Assert.Equal((name, soft, hard), (limit.Name, limit.Soft, limit.Hard));
    }

    [Theory]
    [InlineData("nofile")]
    [InlineData("nofile=2048:1024")]
    [InlineData("nofile=-1:1024")]
    [InlineData("files=1")]
    [InlineData("nofile=1:2:3")]
    public void Ulimit_Malformed_IsRefused(string given) => Fails("--ulimit", given);

    [Theory]
    [InlineData("no", RestartPolicyKind.No, 0)]
    [InlineData("always", RestartPolicyKind.Always, 0)]
    [InlineData("unless-stopped", RestartPolicyKind.UnlessStopped, 0)]
    [InlineData("on-failure:3", RestartPolicyKind.OnFailure, 3)]
    public void Restart_Policies_AreRead(string given, RestartPolicyKind kind, int retries)
    {
        var policy = Applied("--restart", given).HostConfig!.RestartPolicy; // always made

        Assert.Equal((kind, retries), (policy.Name, policy.MaximumRetryCount));
    }

    [Fact]
    public void Restart_NotGiven_IsNever() => Assert.Equal(RestartPolicyKind.No, Applied().HostConfig!.RestartPolicy.Name); // always made

    [Theory]
    [InlineData("--restart", "sometimes")]
    [InlineData("--restart", "always:3")]
    [InlineData("--stop-signal", "SIGNONE")]
    [InlineData("--stop-signal", "99")]
    [InlineData("--add-host", "db")]
    [InlineData("--add-host", "db:nowhere")]
    [InlineData("--dns", "8.8")]
    [InlineData("--workdir", "srv")]
    [InlineData("--hostname", "not a name")]
    [InlineData("--user", "")]
    [InlineData("--user", "a b")]
    [InlineData("--name", "-x")]
    [InlineData("--log-driver", "")]
    [InlineData("--log-opt", "max-size")]
    [InlineData("--label", "=x")]
    [InlineData("--gpus", "some")]
    [InlineData("--gpus", "\"device=0\",count=2")]
    [InlineData("--network", "")]
    [InlineData("--network", "name=web,ip=10.0.0.2")]
    [InlineData("--env", "=x")]
    [InlineData("--env", "")]
    [InlineData("--init=perhaps")]
    public void Value_Malformed_NamesItsOption(string option, string? value = null) =>
        Assert.StartsWith(option.Split('=')[0], Fails(value is null ? [option] : [option, value]).Target, StringComparison.Ordinal);

    [Fact]
    public void Parse_PlainWords_ArriveWhereTheyBelong()
    {
        var made = Applied("-u", "1000:1000", "-w", "/srv", "-h", "web", "--stop-signal", "QUIT", "--entrypoint", "/bin/app", "-l", "team=web", "--read-only", "--init=true", "--dns", "10.0.0.1", "--add-host", "db=::1", "--log-driver", "local", "--log-opt", "max-size=10m");
        var host = made.HostConfig!; // always made

        Assert.Equal(("1000:1000", "/srv", "web", "QUIT", "/bin/app", "web"), (made.User, made.WorkingDir, made.Hostname, made.StopSignal, Assert.Single(made.Entrypoint), made.Labels["team"]));
        Assert.Equal((true, true, "10.0.0.1", "db:::1", "local", "10m"), (host.ReadonlyRootfs, host.Init, Assert.Single(host.DNS), Assert.Single(host.ExtraHosts), host.LogConfig.Type, host.LogConfig.Config["max-size"]));
    }

    [Fact]
    public void Name_Given_IsKeptForTheHost() => Assert.Equal("web", Parse("--name", "web").Name);

    [Fact]
    public void Networks_Several_AreJoinedInOrder()
    {
        var options = Parse("--network", "front", "--net", "name=back,alias=app");

        Assert.Equal(["front", "back"], options.Networks.Select(network => network.Name));
        Assert.Equal(["app"], options.Networks[1].Aliases);
    }

    [Theory]
    [InlineData("all", -1)]
    [InlineData("2", 2)]
    [InlineData("count=3,capabilities=utility", 3)]
    public void Gpus_Counted_AreRequested(string given, long count)
    {
        var request = Assert.Single(Applied("--gpus", given).HostConfig!.DeviceRequests); // always made

        Assert.Equal((count, "gpu"), (request.Count, request.Capabilities[0][0]));
    }

    [Fact]
    public void Gpus_Named_AreRequested() => Assert.Equal(["0", "1"], Assert.Single(Applied("--gpus", "\"device=0,1\"").HostConfig!.DeviceRequests).DeviceIDs); // always made

    [Theory]
    [InlineData("-d")]
    [InlineData("--detach")]
    [InlineData("-i")]
    [InlineData("-t")]
    [InlineData("-it")]
    [InlineData("-p", "80:80")]
    [InlineData("--publish=80:80")]
    [InlineData("-P")]
    [InlineData("--rm")]
    [InlineData("--label", "dewy.app=other")]
    [InlineData("-ldewy.managed=false")]
    [InlineData("--network", "none")]
    [InlineData("--network", "container:abc")]
    public void Parse_WhatBreaksDewy_IsRefusedEvenWhenUnsafe(params string[] arguments)
    {
        Fails(arguments);
        Assert.Throws<DewyException>(() => ContainerRunOptions.Parse(arguments, allowUnsafe: true, Context()));
    }

    [Theory]
    [InlineData("--privileged")]
    [InlineData("--pid", "host")]
    [InlineData("--ipc=host")]
    [InlineData("--uts", "host")]
    [InlineData("--cap-add", "SYS_ADMIN")]
    [InlineData("--security-opt", "seccomp=unconfined")]
    [InlineData("--device", "/dev/kmsg")]
    [InlineData("--userns", "host")]
    [InlineData("--cgroupns", "host")]
    [InlineData("--network", "host")]
    [InlineData("--net=host")]
    [InlineData("-v", "/:/host")]
    [InlineData("-v", "/srv/..:/host")]
    [InlineData("-v", "/var/run/docker.sock:/s")]
    [InlineData("-v", "/run/docker.sock/:/s:ro")]
    [InlineData("-v", "/var/../run/./docker.sock:/s")]
    [InlineData("-v", "/run:/s")]
    [InlineData("-v", "/proc/1/root:/s")]
    [InlineData("--mount", "type=bind,src=/var/run/docker.sock,dst=/s")]
    [InlineData("--mount", "type=bind,src=/,dst=/s")]
    [InlineData("--mount", "type=volume,dst=/s,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/")]
    public void Parse_WhatControlsTheHost_NeedsAllowUnsafe(params string[] arguments)
    {
        Assert.Contains("--allow-unsafe", Fails(arguments).Message, StringComparison.Ordinal);
        _ = ContainerRunOptions.Parse(arguments, allowUnsafe: true, Context());
    }

    [Fact]
    public void Unsafe_LetThrough_Arrives()
    {
        var made = new CreateContainerParameters();
        ContainerRunOptions.Parse(["--privileged", "--pid=host", "--cap-add", "NET_ADMIN", "--device", "/dev/fuse:/dev/fuse:rw"], allowUnsafe: true, Context()).ApplyTo(made);
        var host = made.HostConfig!; // always made

        Assert.Equal((true, "host", "NET_ADMIN", "rw"), (host.Privileged, host.PidMode, Assert.Single(host.CapAdd), Assert.Single(host.Devices).CgroupPermissions));
    }

    [Fact]
    public void Mount_LinkToTheEnginesSocket_IsRefused()
    {
        Component.Linux();
        Directory.CreateSymbolicLink(_root.Combine("harmless"), "../../../../../../var/run/docker.sock");
        Directory.CreateSymbolicLink(_root.Combine("rooted"), "/");

        Fails("-v", $"{_root.Path}/harmless:/x");
        Fails("-v", "./rooted:/x");
        Fails("-v", $"{_root.Path}/rooted/run/docker.sock:/x");
    }

    [Fact]
    public void Mount_CustomEngineSocket_IsRefused()
    {
        var failure = Assert.Throws<DewyException>(() => ContainerRunOptions.Parse(["-v", "/srv/engine:/x"], allowUnsafe: false, Context() with { EngineSocket = "/srv/engine/docker.sock" }));

        Assert.Contains("/srv/engine/docker.sock", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_Unknown_IsSuggested() => Assert.Contains("Did you mean --network?", Fails("--netwrok", "web").Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_StrayWord_IsNotQuoted()
    {
        var failure = Fails("-e", "PASSWORD=very", "secretword");

        Assert.Contains("word 3", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secretword", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SeveralProblems_AreAllTold()
    {
        var failure = Fails("-d", "--memory", "lots", "--privileged", "--cpus");

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        foreach (var origin in new[] { "-d:", "--memory:", "--privileged:", "--cpus: it needs a value" })
            Assert.Contains(origin, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SameTargetTwice_IsRefused() => Fails("-v", "a1:/data", "--mount", "type=volume,src=b1,dst=/data/");

    private ContainerRunOptions Parse(params string[] arguments) => ContainerRunOptions.Parse(arguments, allowUnsafe: false, Context());

    private CreateContainerParameters Applied(params string[] arguments)
    {
        var parameters = new CreateContainerParameters();
        Parse(arguments).ApplyTo(parameters);
        return parameters;
    }

    private DewyException Fails(params string[] arguments)
    {
        var failure = Assert.Throws<DewyException>(() => Parse(arguments));
        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        return failure;
    }

    private RunOptionContext Context() => new()
    {
        BaseDirectory = _root.Path,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["FROM_AGENT"] = "agent", ["GITHUB_TOKEN"] = "ghp_agent" },
    };
}
