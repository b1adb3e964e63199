using System.Net;
using Dewy.Engine.Containers.Engine;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Dewy.Engine.Containers;

/// <summary>What is done with a container that runs: asking, following, stopping.</summary>
/// <param name="engine">Where it is.</param>
/// <param name="output">Reads what it wrote.</param>
/// <param name="stopTimeout">How long it may take to end before it is killed.</param>
/// <param name="time">The clock.</param>
internal sealed class ContainerCare(ContainerEngine engine, ContainerOutput output, TimeSpan stopTimeout, TimeProvider time)
{
    /// <summary>A connection that waits is renewed after this long: one to an engine that vanished may never fail.</summary>
    private static readonly TimeSpan WaitLimit = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>How long the engine itself may take to stop or remove a container, beside the container's own time.</summary>
    private static readonly TimeSpan EngineTime = TimeSpan.FromSeconds(20);

    /// <summary>What it says of itself (<c>HEALTHCHECK</c>) and what is wrong; null and null where it says nothing or cannot be asked.</summary>
    public async Task<(bool? Answer, string? Problem)> AskAsync(ContainerReplica replica, CancellationToken cancellationToken)
    {
        ContainerInspectResponse? container;
        try
        {
            container = await InspectAsync(replica.Id, cancellationToken);
        }
        catch (DewyException)
        {
            return (null, null); // the engine is away; the application may well not be
        }

        return container?.State switch
        {
            null => (false, "it is gone"),
            { Paused: true } => (false, "it is paused"),
            { Running: false } => (false, "it has ended"),
            { Health.Status: "healthy" } => (true, null),
            { Health.Status: "starting" } => (false, "its HEALTHCHECK has not passed yet"),
            { Health.Status: "unhealthy" } => (false, "its HEALTHCHECK fails"),
            _ => (null, null),
        };
    }

    public Task<string> ReadOutputAsync(ContainerReplica replica, CancellationToken cancellationToken) => output.ReadAsync(replica.Id, cancellationToken);

    /// <summary>
    /// Returns when a run of a container has ended, whoever ended it. An engine that is away or starts anew is no end: it is
    /// asked until it answers.
    /// </summary>
    public async Task<ProcessExit> FollowAsync(ContainerReplica replica, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        long? code = null;
        var again = false;
        while (true)
        {
            try
            {
                if (await FindExitAsync(replica, code, cancellationToken) is { } exit)
                    return exit;
                if (again)
                {
                    await Task.Delay(pause, time, cancellationToken);
                    pause = Longer(pause);
                }

                var begun = time.GetTimestamp();
                code = await WaitAsync(replica.Id, cancellationToken);
                again = time.GetElapsedTime(begun) < LongestPause; // an end, or an engine that does not really wait
                pause = again ? pause : FirstPause;
            }
            catch (Exception exception) when (exception is not OperationCanceledException) // a task's root: it must not end before the container
            {
                await Task.Delay(pause, time, cancellationToken);
                pause = Longer(pause);
            }
        }
    }

    /// <summary>Tells a container to end, kills it after its time, and removes it with its anonymous volumes.</summary>
    /// <exception cref="DewyException">The engine is away, or cannot do it.</exception>
    public async Task<ProcessExit> StopAsync(ContainerReplica replica, CancellationToken cancellationToken)
    {
        var container = await InspectAsync(replica.Id, cancellationToken);
        if (container?.State is null)
            return new ProcessExit { Expected = true };
        var exit = new ProcessExit { Expected = true };
        if (container.State is { Running: true } or { Restarting: true })
        {
            await EndAsync(replica, container.State, cancellationToken);
            container = await InspectAsync(replica.Id, cancellationToken) ?? container;
        }

        if (container.State is { Running: false })
            exit = await DescribeAsync(replica, container.State, cancellationToken) with { Expected = true };
        await RemoveAsync(replica.Id, replica.Name, cancellationToken);
        return exit;
    }

    /// <summary>Removes a container, running or not; done where it is gone.</summary>
    /// <exception cref="DewyException">The engine is away, or cannot do it.</exception>
    public async Task RemoveAsync(string id, string name, CancellationToken cancellationToken)
    {
        try
        {
            await engine.CallAsync("remove a container", EngineTime, (client, token) => client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, token), cancellationToken);
        }
        catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound || IsBeingRemoved(exception))
        {
            // As wanted.
        }
        catch (DockerApiException exception)
        {
            throw engine.Failure.Create(ErrorCode.EngineUnavailable, $"The container {name} could not be removed: {engine.Failure.MessageOf(exception)}.", $"Remove it by hand: docker rm -f {name}.");
        }
    }

    public Task<ContainerInspectResponse?> InspectAsync(string id, CancellationToken cancellationToken) =>
        engine.FindAsync("look at a container", (client, token) => client.Containers.InspectContainerAsync(id, token), cancellationToken);

    // By --rm, by hand, or by the agent before: "removal of container … is already in progress".
    private static bool IsBeingRemoved(DockerApiException exception) =>
        exception.StatusCode is HttpStatusCode.Conflict && (exception.ResponseBody ?? "").Contains("already in progress", StringComparison.Ordinal);

    private async Task EndAsync(ContainerReplica replica, State state, CancellationToken cancellationToken)
    {
        try
        {
            if (state.Paused) // it could not hear
                await engine.CallAsync("go on with a paused container", EngineTime, (client, token) => client.Containers.UnpauseContainerAsync(replica.Id, token), cancellationToken);
            await engine.CallAsync(
                "stop a container",
                stopTimeout + EngineTime,
                (client, token) => client.Containers.StopContainerAsync(replica.Id, new ContainerStopParameters { WaitBeforeKillSeconds = (uint)Math.Ceiling(stopTimeout.TotalSeconds) }, token),
                cancellationToken);
        }
        catch (Exception exception) when (exception is DockerApiException or DewyException { Code: ErrorCode.EngineUnavailable })
        {
            // Removing it kills it; if that fails too, that says why.
        }
    }

    /// <summary>How its run ended; null while it goes on.</summary>
    public async Task<ProcessExit?> FindExitAsync(ContainerReplica replica, long? waited, CancellationToken cancellationToken)
    {
        var container = await InspectAsync(replica.Id, cancellationToken);
        if (container?.State is not { } state)
            return new ProcessExit { Code = (int?)waited, Expected = replica.IsStopping };
        var goesOn = state is { Running: true, Restarting: false };
        if (goesOn && ContainerIdentity.StartOf(state) == replica.StartedAt)
            return null;
        var exit = await DescribeAsync(replica, state, cancellationToken);
        return exit with { Code = goesOn ? (int?)waited : exit.Code, Expected = replica.IsStopping }; // one that was started again tells of that run
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private async Task<ProcessExit> DescribeAsync(ContainerReplica replica, State state, CancellationToken cancellationToken)
    {
        var text = await output.ReadAsync(replica.Id, cancellationToken);
        if (state.OOMKilled)
            text = $"{text}\n[It used more memory than it may, and the kernel ended it.]".Trim();
        return new ProcessExit { Code = (int)state.ExitCode, LastOutput = text };
    }

    /// <summary>Waits until a container does not run; its exit code, or null where the wait was over first or it is gone.</summary>
    private async Task<long?> WaitAsync(string id, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(WaitLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            return (await engine.CallAsync("wait for a container", WaitLimit * 2, (client, token) => client.Containers.WaitContainerAsync(id, token), either.Token)).StatusCode;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
